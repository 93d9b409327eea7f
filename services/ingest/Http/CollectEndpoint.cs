using System.Globalization;
using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.Ingest.Kafka;
using Commerce.Streaming.Ingest.Sources;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>
/// One request from bytes to answer: who sends, what each event is, into Kafka, and only when Kafka has acknowledged everything,
/// the result of each event.
/// </summary>
internal sealed class CollectEndpoint(
    SourceCatalogue sources,
    EventRules rules,
    EventPublisher publisher,
    InFlightGate gate,
    Readiness readiness,
    IngestMetrics metrics,
    TimeProvider time,
    IOptions<IngestOptions> options,
    ILogger<CollectEndpoint> logger)
{
    private readonly IngestOptions _options = options.Value;

    /// <param name="type">Type of the one call in the body; null for a batch.</param>
    public async Task HandleAsync(HttpContext http, string? type)
    {
        try
        {
            await HandleGuardedAsync(http, type);
        }
        catch (BadHttpRequestException bad)
        {
            var reason = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyReasons.BodyTooLarge : BodyReasons.BadRequest;
            await RefuseAsync(http, bad.StatusCode, new Fault(reason, bad.Message));
        }
        catch (Exception away) when (away is HttpRequestException or SchemaRegistryException)
        {
            IngestLog.RegistryAway(logger, away);
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, new Fault(BodyReasons.KafkaUnavailable, "the schema registry does not answer"));
        }
        catch (Exception gone) when (http.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // The sender hung up while sending; nobody is left to answer.
            metrics.Refused(BodyReasons.BadRequest);
        }
    }

    private async Task HandleGuardedAsync(HttpContext http, string? type)
    {
        var receivedAt = time.GetUtcNow();
        if (!MediaTypes.IsJson(http.Request.ContentType))
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, new Fault(BodyReasons.UnsupportedMediaType, "send application/json"));
            return;
        }

        if (readiness.ReasonNotToAccept is { } reason)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, new Fault(BodyReasons.Starting, reason));
            return;
        }

        var headerKey = WriteKeys.InHeader(http.Request);
        if (headerKey is not null && Refusal(sources.Find(headerKey), headerKey) is var (status, fault))
        {
            await RefuseAsync(http, status, fault);
            return;
        }

        using var lease = gate.TryEnter(Math.Min(http.Request.ContentLength ?? _options.BodyBytesMax, _options.BodyBytesMax));
        if (lease is null)
        {
            await OverloadedAsync(http);
            return;
        }

        using var body = await RequestBody.ReadAsync(http.Request, _options.BodyBytesMax, http.RequestAborted);
        if (!lease.TryResize(body.Bytes.Length))
            await OverloadedAsync(http);
        else if (body.Status is BodyStatus.TooLarge)
            await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, new Fault(BodyReasons.BodyTooLarge, Limit("a body may have", _options.BodyBytesMax, "bytes")));
        else if (body.Status is BodyStatus.UnknownEncoding)
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, new Fault(BodyReasons.UnsupportedEncoding, "send gzip or no Content-Encoding"));
        else if (body.Status is BodyStatus.MalformedGzip)
            await QuarantineBodyAsync(http, body.Bytes, headerKey, new Fault(BodyReasons.MalformedGzip, "the body is not valid gzip"), receivedAt);
        else
            await ReadBodyAsync(http, body.Bytes, type, headerKey, receivedAt);
    }

    private async Task ReadBodyAsync(HttpContext http, ReadOnlyMemory<byte> body, string? type, string? headerKey, DateTimeOffset receivedAt)
    {
        var fault = type is null ? CallBatch.ReadBatch(body, out var batch) : CallBatch.ReadSingle(body, out batch);
        using (batch)
        {
            if (fault is { } malformed)
            {
                await QuarantineBodyAsync(http, body, headerKey ?? batch.WriteKey, malformed, receivedAt);
                return;
            }

            var writeKey = headerKey ?? batch.WriteKey;
            var source = sources.Find(writeKey);
            if (Refusal(source, writeKey) is var (status, keyFault))
                await RefuseAsync(http, status, keyFault);
            else if (batch.Calls.Count == 0)
                await RefuseAsync(http, StatusCodes.Status400BadRequest, new Fault(BodyReasons.EmptyBatch, "the batch has no events"));
            else if (batch.Calls.Count > _options.BatchEventsMax)
                await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, new Fault(BodyReasons.TooManyEvents, Limit("a batch may have", _options.BatchEventsMax, "events")));
            else
                await AcceptAsync(http, batch, source!, type, receivedAt);
        }
    }

    private async Task AcceptAsync(HttpContext http, CallBatch batch, SourceProfile source, string? type, DateTimeOffset receivedAt)
    {
        if (batch.SentAt is { } sentAt)
            metrics.ClockSkew(receivedAt - sentAt);
        var context = new EventContext(source, receivedAt, type, batch.SentAt, batch.Context);
        var deliveries = new DeliveryBatch();
        var outcomes = new List<EventOutcome>(batch.Calls.Count);
        var started = time.GetTimestamp();
        foreach (var call in batch.Calls)
        {
            var outcome = Judge(call, outcomes.Count, context);
            await publisher.PublishAsync(deliveries, outcome, call.Raw, source, receivedAt);
            outcomes.Add(outcome);
        }

        if (await deliveries.SealAsync())
        {
            metrics.Acknowledged(time.GetElapsedTime(started));
            metrics.Outcomes(source.Source.Id, outcomes);
            await CollectResponse.AnswerAsync(http, outcomes);
            return;
        }

        IngestLog.NotAcknowledged(logger, outcomes.Count);
        await RefuseAsync(
            http, StatusCodes.Status503ServiceUnavailable, new Fault(BodyReasons.KafkaUnavailable, "Kafka did not acknowledge in time; send the same request again"));
    }

    private EventOutcome Judge(in Call call, int index, in EventContext context)
    {
        if (call.Fault is { } malformed)
            return new EventOutcome.Quarantined(MessageIds.Derive(call.Raw.Span, index, context), null, malformed);
        if (call.Raw.Length > _options.EventBytesMax)
        {
            return new EventOutcome.Rejected(
                MessageIds.Derive(call.Raw.Span, index, context), new Fault(Reasons.EventTooLarge, Limit("an event may have", _options.EventBytesMax, "bytes")));
        }

        return EventReader.Read(call.Json, call.Raw.Span, index, rules, context);
    }

    /// <summary>Keeps a body of a known sender that cannot be read at all, and answers 400.</summary>
    private async Task QuarantineBodyAsync(HttpContext http, ReadOnlyMemory<byte> body, string? writeKey, Fault fault, DateTimeOffset receivedAt)
    {
        if (sources.Find(writeKey ?? WriteKeys.InBrokenBody(body.Span)) is { Enabled: true } source && body.Length > 0)
        {
            var context = new EventContext(source, receivedAt, null, null, default);
            var refused = new EventOutcome.Quarantined(MessageIds.Derive(body.Span, 0, context), null, fault);
            var deliveries = new DeliveryBatch();
            await publisher.QuarantineAsync(deliveries, refused, body, source, receivedAt);
            if (!await deliveries.SealAsync())
            {
                IngestLog.NotAcknowledged(logger, 1);
                await RefuseAsync(
                    http, StatusCodes.Status503ServiceUnavailable, new Fault(BodyReasons.KafkaUnavailable, "Kafka did not acknowledge in time; send the same request again"));
                return;
            }

            metrics.Outcomes(source.Source.Id, [refused]);
        }

        await RefuseAsync(http, StatusCodes.Status400BadRequest, fault);
    }

    private static (int Status, Fault Fault)? Refusal(SourceProfile? source, string? writeKey) => source switch
    {
        { Enabled: true } => null,
        { Enabled: false } => (StatusCodes.Status404NotFound, new Fault(BodyReasons.SourceDisabled, "this source is switched off")),
        null when string.IsNullOrEmpty(writeKey) => (StatusCodes.Status401Unauthorized, new Fault(
            BodyReasons.MissingWriteKey, "send the write key as user of Basic authentication or as 'writeKey' in the body")),
        null => (StatusCodes.Status401Unauthorized, new Fault(BodyReasons.UnknownWriteKey, "no source has this write key")),
    };

    private Task OverloadedAsync(HttpContext http) => RefuseAsync(
        http, StatusCodes.Status429TooManyRequests, new Fault(BodyReasons.Overloaded, "too much is in flight; send again after Retry-After"));

    private Task RefuseAsync(HttpContext http, int status, Fault fault)
    {
        metrics.Refused(fault.Reason);
        var retry = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;
        return CollectResponse.RefuseAsync(http, status, fault, retry ? _options.RetryAfterSeconds : null);
    }

    private static string Limit(string what, int limit, string unit) => string.Create(CultureInfo.InvariantCulture, $"{what} {limit} {unit}");
}
