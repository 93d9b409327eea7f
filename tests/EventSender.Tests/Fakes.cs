using System.Net;
using System.Text;
using System.Text.Json;

namespace Commerce.Streaming.EventSender.Tests;

/// <summary>Numbered calls, one second apart.</summary>
internal sealed class NumberedCalls(int count, Func<int, bool>? isConsent = null, Func<int, bool>? refusalExpected = null, int padding = 0)
    : ICallStream
{
    public static readonly DateTimeOffset Start = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Fingerprint => "numbered";
    public int Count => count;
    public CallTarget TargetOf(int position) => isConsent?.Invoke(position) == true ? CallTarget.Consent : CallTarget.Collection;
    public DateTimeOffset TimeOf(int position) => Start.AddSeconds(position);
    public bool RefusalIsExpected(int position) => refusalExpected?.Invoke(position) == true;

    public void Write(int position, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("n", position);
        json.WriteString("padding", new string('x', padding));
        json.WriteEndObject();
    }
}

/// <summary>An API in memory: answers by script, then with 200, and remembers what it took.</summary>
internal sealed class FakeApi(params Func<HttpResponseMessage>[] script) : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _script = new(script);

    /// <summary>Numbers of every request that was answered with 2xx, consent decisions negative.</summary>
    public List<int[]> Taken { get; } = [];
    public int Requests { get; private set; }
    public string? Authorization { get; private set; }
    public Action<int>? OnRequest { get; set; }

    public static HttpResponseMessage Answer(HttpStatusCode status, string body = "") =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        OnRequest?.Invoke(++Requests);
        cancellationToken.ThrowIfCancellationRequested();
        Authorization = request.Headers.Authorization?.ToString();
        var root = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement;
        var response = _script.TryDequeue(out var next) ? next() : Answer(HttpStatusCode.OK);
        if ((int)response.StatusCode < 300)
        {
            Taken.Add(request.RequestUri!.AbsolutePath == "/v1/decisions"
                ? [-root.GetProperty("n").GetInt32()]
                : [.. root.GetProperty("batch").EnumerateArray().Select(call => call.GetProperty("n").GetInt32())]);
        }
        return response;
    }
}

internal sealed class Watcher : IProgress<SendProgress>
{
    public List<SendProgress> Seen { get; } = [];

    public void Report(SendProgress value) => Seen.Add(value);
}
