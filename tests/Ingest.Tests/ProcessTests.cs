using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Commerce.Collection;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>The service as a process: what it said is kept, whatever ends it.</summary>
[Collection(nameof(Edge))]
public sealed class ProcessTests(KafkaFixture kafka)
{
    private const string Assembly = "Commerce.Streaming.Ingest";
    private const int Senders = 4;
    private const int BatchEvents = 50;

    private Dictionary<string, string?> Settings => IngestServer.Settings.Concat(kafka.ServiceSettings).ToDictionary();

    [Fact]
    public async Task Kill_9_in_mid_flow_loses_nothing_that_was_answered_with_200()
    {
        using var events = await TopicTap<CollectedEvent>.OpenAsync(kafka, Topics.CollectionEvents);
        var acknowledged = new ConcurrentBag<string>();
        for (var round = 0; round < 2; round++)
        {
            await using var service = await ServiceProcess.StartAsync(Assembly, Settings);
            var enough = new TaskCompletionSource();
            var senders = Enumerable.Range(0, Senders).Select(_ => SendUntilGoneAsync(service.Url, acknowledged, 10 * (round + 1), enough)).ToList();
            await enough.Task;
            await service.KillAsync();
            await Task.WhenAll(senders);
        }

        acknowledged.Count.ShouldBeGreaterThan(BatchEvents);
        var kept = (await events.ReadAsync()).Select(record => record.Value!.MessageId).ToHashSet();
        acknowledged.Where(messageId => !kept.Contains(messageId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Terminate_finishes_what_is_in_flight_and_exits_with_0()
    {
        var service = await ServiceProcess.StartAsync(Assembly, Settings);
        await using (service)
        {
            var acknowledged = new ConcurrentBag<string>();
            var enough = new TaskCompletionSource();
            var senders = Enumerable.Range(0, Senders).Select(_ => SendUntilGoneAsync(service.Url, acknowledged, 5, enough)).ToList();
            await enough.Task;
            service.Terminate();
            (await service.ExitCodeAsync()).ShouldBe(0);
            var cutOff = (await Task.WhenAll(senders)).Count(cut => cut);
            cutOff.ShouldBe(0, "a request that had begun was cut off");
        }
    }

    /// <summary>Sends batches until the service is gone. True when a request was cut off after its body had been sent.</summary>
    private static async Task<bool> SendUntilGoneAsync(Uri url, ConcurrentBag<string> acknowledged, int requestsUntilEnough, TaskCompletionSource enough)
    {
        using var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(IngestServer.WriteKey + ":")));
        for (var request = 1; ; request++)
        {
            var ids = Enumerable.Range(0, BatchEvents).Select(_ => Guid.NewGuid().ToString("N")).ToList();
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
                "{\"batch\":[" + string.Join(',', ids.Select(id => $$"""{"type":"track","event":"A","userId":"{{id}}","messageId":"{{id}}"}""")) + "]}"));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            try
            {
                using var answer = await client.PostAsync("/v1/batch", content);
                if (answer.StatusCode == HttpStatusCode.OK)
                    ids.ForEach(acknowledged.Add);
            }
            catch (HttpRequestException gone)
            {
                enough.TrySetResult();
                return gone.HttpRequestError == HttpRequestError.ResponseEnded;
            }

            if (request == requestsUntilEnough)
                enough.TrySetResult();
        }
    }
}
