using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
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
        using var events = await TopicTap<CollectedEvent>.OpenAsync(kafka, Topics.CollectionEvents);
        await using var service = await ServiceProcess.StartAsync(Assembly, Settings);
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = service.Url };
        Authenticate(client);
        client.DefaultRequestHeaders.ExpectContinue = true;
        var ids = Enumerable.Range(0, Senders).Select(_ => Guid.NewGuid().ToString("N")).ToList();
        var bodies = ids.Select(id => new HangingBody(Batch([id]))).ToList();
        var answers = bodies.Select(body => client.PostAsync("/v1/batch", body)).ToList();
        // The service answers "100 Continue" when it begins to read a body: from then on, and not before, the request is in flight. One
        // that is merely on its way over an idle connection, as the service closes it, may be cut off by the rules of HTTP (RFC 9112, 9.5).
        await Task.WhenAll(bodies.Select(body => body.Begun));

        service.Terminate();
        await RefusesConnectionsAsync(service.Url);
        bodies.ForEach(body => body.Release());

        (await Task.WhenAll(answers)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await service.ExitCodeAsync()).ShouldBe(0);
        (await events.ReadAsync()).Select(record => record.Value!.MessageId).ShouldBe(ids, ignoreOrder: true);
    }

    private static async Task RefusesConnectionsAsync(Uri url)
    {
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static void Authenticate(HttpClient client) =>
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(IngestServer.WriteKey + ":")));

    private static byte[] Batch(IEnumerable<string> ids) => Encoding.UTF8.GetBytes(
        "{\"batch\":[" + string.Join(',', ids.Select(id => $$"""{"type":"track","event":"A","userId":"{{id}}","messageId":"{{id}}"}""")) + "]}");

    /// <summary>Sends batches until the service is gone.</summary>
    private static async Task SendUntilGoneAsync(Uri url, ConcurrentBag<string> acknowledged, int requestsUntilEnough, TaskCompletionSource enough)
    {
        using var client = new HttpClient { BaseAddress = url };
        Authenticate(client);
        for (var request = 1; ; request++)
        {
            var ids = Enumerable.Range(0, BatchEvents).Select(_ => Guid.NewGuid().ToString("N")).ToList();
            using var content = new ByteArrayContent(Batch(ids));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            try
            {
                using var answer = await client.PostAsync("/v1/batch", content);
                if (answer.StatusCode == HttpStatusCode.OK)
                    ids.ForEach(acknowledged.Add);
            }
            catch (HttpRequestException)
            {
                enough.TrySetResult();
                return;
            }

            if (request == requestsUntilEnough)
                enough.TrySetResult();
        }
    }
}
