using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>Answers of the collection API.</summary>
internal static class CollectResponse
{
    private static readonly JsonWriterOptions Json = new() { SkipValidation = true };

    /// <summary>A request that is refused as a whole.</summary>
    public static async Task RefuseAsync(HttpContext http, int status, Fault fault, int? retryAfterSeconds = null)
    {
        http.Response.StatusCode = status;
        if (retryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"write key\"";
        http.Response.ContentType = MediaTypeNames.Application.Json;
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, Json);
        json.WriteStartObject();
        json.WriteBoolean("success"u8, false);
        json.WriteString("reason"u8, fault.Reason);
        json.WriteString("detail"u8, fault.Detail);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    /// <summary>What became of each event: 200 when all are accepted, 207 when some are, else 400 (413 when all are too large).</summary>
    public static async Task AnswerAsync(HttpContext http, IReadOnlyList<EventOutcome> outcomes)
    {
        var accepted = outcomes.Count(IsAccepted);
        http.Response.StatusCode = accepted == outcomes.Count ? StatusCodes.Status200OK
            : accepted > 0 ? StatusCodes.Status207MultiStatus
            : outcomes.All(outcome => outcome is EventOutcome.Rejected) ? StatusCodes.Status413PayloadTooLarge
            : StatusCodes.Status400BadRequest;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        // RFC 7240: a sender of large batches can ask for the exceptions only.
        var minimal = http.Request.Headers["Prefer"].ToString().Contains("return=minimal", StringComparison.OrdinalIgnoreCase);
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, Json);
        json.WriteStartObject();
        json.WriteBoolean("success"u8, accepted == outcomes.Count);
        json.WriteStartArray("results"u8);
        for (var index = 0; index < outcomes.Count; index++)
        {
            if (!minimal || !IsAccepted(outcomes[index]))
                Write(json, index, outcomes[index]);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    private static bool IsAccepted(EventOutcome outcome) => outcome is EventOutcome.Collected or EventOutcome.Stock;

    private static void Write(Utf8JsonWriter json, int index, EventOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteString("messageId"u8, outcome.MessageId);
        switch (outcome)
        {
            case EventOutcome.Quarantined refused:
                WriteFault(json, "quarantined"u8, refused.Fault);
                break;
            case EventOutcome.Rejected refused:
                WriteFault(json, "rejected"u8, refused.Fault);
                break;
            default:
                json.WriteString("status"u8, "accepted"u8);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteFault(Utf8JsonWriter json, ReadOnlySpan<byte> status, Fault fault)
    {
        json.WriteString("status"u8, status);
        json.WriteString("reason"u8, fault.Reason);
        json.WriteString("detail"u8, fault.Detail);
    }
}
