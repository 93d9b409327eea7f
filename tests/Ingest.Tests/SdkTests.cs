using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Commerce.Collection;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>Requests as real SDKs sent them, recorded: they work by changing the host.</summary>
[Collection(nameof(Edge))]
public sealed class SdkTests(IngestServer server) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await server.SkipAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("node_rudderstack.json")]
    [InlineData("python_segment.json")]
    public async Task Recorded_requests_are_accepted_whole(string file)
    {
        Assert.SkipWhen(TestEnvironment.Vectors is null, "COMMERCE_TEST_VECTORS, the folder of golden vectors, is not set");
        using var recording = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(TestEnvironment.Vectors!, "clients", file)));
        using var client = server.Client(null);
        var sent = 0;
        foreach (var request in recording.RootElement.GetProperty("scenarios").EnumerateArray().SelectMany(each => each.GetProperty("requests").EnumerateArray()))
        {
            using var message = Replay(request);
            using var response = await client.SendAsync(message, TestContext.Current.CancellationToken);
            var answer = await Answer.ReadAsync(response);
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Reason ?? string.Join(", ", answer.Results.Select(result => result.Reason)));
            sent += answer.Results.Count;
        }

        var kept = await server.Events.ReadAsync();
        kept.Count.ShouldBe(sent);
        kept.Select(record => record.Value!.Kind).Distinct().ShouldBe(
            [EventKind.IDENTIFY, EventKind.TRACK, EventKind.PAGE, EventKind.SCREEN, EventKind.GROUP, EventKind.ALIAS], ignoreOrder: true);
        // The user's own time stays, though the recorded clock is far from ours.
        kept.Where(record => record.Value!.Order is not null).ShouldAllBe(record => record.Value!.Order!.OrderId == "O-1001");
        JsonSerializer.Serialize(kept.Select(record => record.Value)).ShouldNotContain("Ana.Silva", Case.Insensitive);
    }

    private static HttpRequestMessage Replay(JsonElement request)
    {
        var body = Encoding.UTF8.GetBytes(request.GetProperty("body").GetRawText());
        var gzip = request.GetProperty("body_gzip").GetBoolean();
        var content = new ByteArrayContent(gzip ? Gzip(body) : body);
        var message = new HttpRequestMessage(HttpMethod.Post, request.GetProperty("path").GetString()) { Content = content };
        var headers = request.GetProperty("headers");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(headers.GetProperty("content-type").GetString()!);
        if (gzip)
            content.Headers.ContentEncoding.Add("gzip");
        if (headers.TryGetProperty("authorization", out var authorization))
            message.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization.GetString()!);
        return message;
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
            gzip.Write(plain);
        return buffer.ToArray();
    }
}
