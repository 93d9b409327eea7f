using System.Net;
using System.Text;
using System.Text.Json;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Consent.Tests;

/// <summary>Two replicas take decisions of the same people at the same time.</summary>
[Collection(nameof(Edge))]
public sealed class ReplicaTests(ConsentServer server, KafkaFixture kafka) : IAsyncLifetime
{
    private const int Subjects = 12;
    private static readonly string[] Purposes = ["analytics", "advertising", "personalization"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await server.Decisions.SkipAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task No_answer_to_a_purpose_is_lost_whichever_replica_took_it()
    {
        await using var second = await ConsentServer.StartAsync(kafka);
        using var other = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var run = Guid.NewGuid().ToString("N");
        var people = Enumerable.Range(0, Subjects).Select(each => $"{run}-{each}").ToList();

        // Each purpose is answered by a request of its own, all of a person at once, in turn at the one and the other replica.
        await Task.WhenAll(people.SelectMany((person, place) => Purposes.Select((purpose, index) =>
            PostAsync((place + index) % 2 == 0 ? server.Client : other, person, purpose, true, "2026-03-01T00:00:00Z"))));
        // A withdrawal here and a repeated grant of something else there.
        await Task.WhenAll(people.SelectMany(person => new[]
        {
            PostAsync(server.Client, person, "advertising", false, "2026-03-02T00:00:00Z"),
            PostAsync(other, person, "analytics", true, "2026-03-02T00:00:00Z"),
        }));

        // What a reader keeps of the topic after compaction is each key's last record: it has to be right alone.
        var kept = (await server.Decisions.ReadAsync()).GroupBy(record => record.Key).ToDictionary(group => group.Key, group => group.Last().Value!.Consent);
        foreach (var person in people)
        {
            var consent = kept[$"default/a:{person}"];
            (consent.Analytics, consent.Advertising, consent.Personalization).ShouldBe((true, false, true));
        }

        await second.StopAsync(Token);
    }

    private static async Task PostAsync(HttpClient client, string person, string purpose, bool allowed, string at)
    {
        var json = JsonSerializer.Serialize(new
        {
            subject = new { anonymousId = person },
            purposes = new Dictionary<string, bool> { [purpose] = allowed },
            decidedAt = at,
        });
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/v1/decisions", content, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
    }
}
