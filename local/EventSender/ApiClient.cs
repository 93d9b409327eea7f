using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Commerce.Streaming.EventSender;

/// <summary>Posts bodies to the public APIs; repeats what a crash, a restart or a busy server may have swallowed.</summary>
internal sealed class ApiClient(HttpClient http, SendOptions options, TimeProvider time)
{
    private const int ErrorTextMax = 300;
    private bool _hasAnswered;
    private static readonly MediaTypeHeaderValue Json = new("application/json") { CharSet = "utf-8" };

    private readonly AuthenticationHeaderValue _writeKey =
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(options.WriteKey + ":")));

    private readonly AuthenticationHeaderValue? _apiKey = options.ApiKey is { } key ? new("Bearer", key) : null;

    private readonly Uri _batchUrl = new(options.CollectionUrl, "/v1/batch");
    private readonly Uri? _decisionUrl = options.ConsentUrl is { } consent ? new Uri(consent, "/v1/decisions") : null;

    /// <summary>Delivers one batch.</summary>
    /// <param name="onWait">Told why sending is held up; called again with null when it goes on.</param>
    /// <returns>The refused events, and how often the request was repeated.</returns>
    /// <exception cref="SendFailedException">Refused as a whole, or out of reach for longer than the patience.</exception>
    public async Task<(IReadOnlyList<RefusedEvent> Refused, int Retries)> DeliverAsync(
        CallBatch batch, Action<string?> onWait, CancellationToken cancellation)
    {
        var url = batch.Target == CallTarget.Collection
            ? _batchUrl
            : _decisionUrl ?? throw new SendFailedException("The stream holds consent decisions, but no consent API was named.");
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (refused, wait, why) = await TryAsync(url, batch, attempt, cancellation);
            if (refused is not null)
            {
                if (attempt > 0)
                    onWait(null);
                _hasAnswered = true;
                return (refused, attempt);
            }
            var patience = _hasAnswered ? options.Patience : options.FirstPatience;
            if (time.GetElapsedTime(started) + wait > patience)
                throw new SendFailedException($"{url} did not take a request for {patience.TotalSeconds:0} s: {why}.");
            onWait(why);
            await Task.Delay(wait, time, cancellation);
        }
    }

    private async Task<(IReadOnlyList<RefusedEvent>? Refused, TimeSpan Wait, string Why)> TryAsync(
        Uri url, CallBatch batch, int attempt, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ReadOnlyMemoryContent(batch.Body) { Headers = { ContentType = Json } },
            };
            request.Headers.Authorization = batch.Target == CallTarget.Collection ? _writeKey : _apiKey;
            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return ([], default, "");
            var answer = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (IsTransient(response.StatusCode))
                return (null, RetryAfter(response) ?? Backoff(attempt), $"it answers {(int)response.StatusCode}");
            return (Refusals(response.StatusCode, answer, batch, url), default, "");
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (null, Backoff(attempt), e is OperationCanceledException ? "no answer in time" : e.Message);
        }
    }

    private static IReadOnlyList<RefusedEvent> Refusals(HttpStatusCode status, byte[] answer, CallBatch batch, Uri url)
    {
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new SendFailedException($"{url} does not know the {(batch.Target == CallTarget.Collection ? "write key" : "API key")}.");
        if (batch.Target == CallTarget.Collection && status is HttpStatusCode.MultiStatus or HttpStatusCode.BadRequest
            && BatchAnswer.Refused(answer) is { } refused)
            return refused;
        var text = Encoding.UTF8.GetString(answer);
        throw new SendFailedException($"{url} answers {(int)status}: {text[..Math.Min(text.Length, ErrorTextMax)]}");
    }

    private static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests
        or HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delta && delta > TimeSpan.Zero
            ? TimeSpan.FromTicks(Math.Min(delta.Ticks, options.RetryDelayMax.Ticks))
            : null;

    private TimeSpan Backoff(int attempt) =>
        TimeSpan.FromTicks(Math.Min(options.RetryDelayMin.Ticks << Math.Min(attempt, 16), options.RetryDelayMax.Ticks));
}
