using System.Globalization;
using System.Text.Json;
using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Consent.Domain;
using Commerce.Streaming.Consent.Kafka;
using Commerce.Streaming.Privacy;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Consent.Http;

/// <summary>Takes and shows decisions. A decision counts from the moment the answer is 200: then the topic has it.</summary>
internal sealed class DecisionEndpoint(
    DecisionLedger ledger,
    Decider decider,
    CompactedTopicReader<ConsentDecided> reader,
    Pseudonymizer pseudonymizer,
    ConsentMetrics metrics,
    TimeProvider time,
    IOptions<ConsentOptions> options,
    ILogger<DecisionEndpoint> logger)
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 8 };
    private readonly ConsentOptions _options = options.Value;

    public async Task<IResult> PostAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        if (Gate() is { } closed)
            return closed;
        var (body, refusal) = await ReadAsync(http, cancellationToken);
        if (refusal is { } unreadable)
            return Refuse(unreadable);
        using (body)
        {
            try
            {
                if (DecisionRequest.Read(body!.RootElement, pseudonymizer, time.GetUtcNow(), _options, out var request) is { } refused)
                    return Refuse(refused);
                return await DecideAsync(request);
            }
            catch (InvalidOperationException)
            {
                // System.Text.Json checks text only when it is read.
                return Refuse(new Refusal(Reasons.MalformedJson, "the body holds text that is not valid Unicode"));
            }
        }
    }

    public IResult Get(HttpRequest http)
    {
        if (Gate() is { } closed)
            return closed;
        var query = http.Query;
        if (Subject.Read(query["userId"], query["anonymousId"], query["email"], query["platform"], pseudonymizer, out var subjects) is { } refused)
            return Refuse(refused);
        var tenant = query["tenant"].ToString() is { Length: > 0 } stated ? stated : DecisionRequest.DefaultTenant;
        // Of several identifiers of one person the newest decision holds, as it does where events are stamped.
        var newest = subjects.Select(subject => (Subject: subject, Decisions: ledger.Of(tenant, subject)))
            .Where(each => each.Decisions.Count > 0)
            .OrderByDescending(each => each.Decisions[^1].DecidedAt)
            .FirstOrDefault();
        return newest.Decisions is { } decisions
            ? Results.Ok(new SubjectAnswer(true, newest.Subject, DecisionView.Of(decisions[^1]), [.. decisions.Select(DecisionView.Of)]))
            : Refuse(new Refusal(Reasons.NoDecision, "this subject has not decided; the source's default holds"), StatusCodes.Status404NotFound);
    }

    private async Task<IResult> DecideAsync(DecisionRequest request)
    {
        try
        {
            var holding = await decider.DecideAsync(request);
            // One that was made later than what is asked holds on.
            var superseded = holding.Count(decision => decision.DecidedAt > request.DecidedAt);
            metrics.Recorded(holding.Length - superseded);
            metrics.Superseded(superseded);
            if (superseded < holding.Length)
                metrics.Chose(request.Analytics, request.Advertising, request.Personalization);
            return Results.Ok(new DecisionAnswer(true, superseded < holding.Length ? "recorded" : "superseded", [.. holding.Select(DecisionView.Of)]));
        }
        catch (UndecidedException undecided)
        {
            ConsentLog.NotDecided(logger, undecided.Message, undecided.InnerException!.GetType().Name);
            return Unavailable(new Refusal(undecided.Message, "the decision was not recorded in time; send the same request again"));
        }
    }

    /// <summary>Null when the service can answer.</summary>
    private IResult? Gate() => reader.ReasonNotReady is { } reason ? Unavailable(new Refusal(Reasons.Starting, reason)) : null;

    private async Task<(JsonDocument? Body, Refusal? Refusal)> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var buffer = new byte[_options.BodyBytesMax + 1];
        var length = await http.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > _options.BodyBytesMax)
            return (null, new Refusal(Reasons.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"a body may have {_options.BodyBytesMax} bytes")));
        try
        {
            return (JsonDocument.Parse(buffer.AsMemory(0, length), Json), null);
        }
        catch (JsonException malformed)
        {
            return (null, new Refusal(Reasons.MalformedJson, $"not valid JSON at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}"));
        }
    }

    private IResult Refuse(Refusal refusal, int? status = null)
    {
        metrics.Refused(refusal.Reason);
        status ??= refusal.Reason == Reasons.BodyTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
        return Results.Json(new RefusalAnswer(false, refusal.Reason, refusal.Detail), statusCode: status);
    }

    private IResult Unavailable(Refusal refusal)
    {
        metrics.Refused(refusal.Reason);
        return new RetryLater(new RefusalAnswer(false, refusal.Reason, refusal.Detail), _options.RetryAfterSeconds);
    }

    private sealed class RetryLater(RefusalAnswer answer, int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Results.Json(answer, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(httpContext);
        }
    }
}
