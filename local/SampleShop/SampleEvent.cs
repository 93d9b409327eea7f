using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Commerce.Streaming.EventSender;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>One line of events.jsonl: <c>{"at":…,"to":"collection"|"consent","refuse":reason?,"call":{…}}</c>.</summary>
/// <param name="At">When it is sent, in shop time.</param>
/// <param name="Refusal">Reason code with which it must be refused; null when it must be accepted.</param>
/// <param name="Call">The JSON that is sent, UTF-8.</param>
public sealed record SampleEvent(DateTimeOffset At, CallTarget Target, string? Refusal, ReadOnlyMemory<byte> Call)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line, without its line break.</summary>
    public ReadOnlyMemory<byte> ToLine() => Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("at"u8, At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("to"u8, Target == CallTarget.Consent ? "consent"u8 : "collection"u8);
        if (Refusal is not null)
            json.WriteString("refuse"u8, Refusal);
        json.WritePropertyName("call"u8);
        json.WriteRawValue(Call.Span);
        json.WriteEndObject();
    });

    /// <exception cref="InvalidDataException">It is no such line.</exception>
    public static SampleEvent OfLine(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new SampleEvent(
                root.GetProperty("at"u8).GetDateTimeOffset(),
                root.GetProperty("to"u8).ValueEquals("consent"u8) ? CallTarget.Consent : CallTarget.Collection,
                root.TryGetProperty("refuse"u8, out var refuse) ? refuse.GetString() : null,
                Encoding.UTF8.GetBytes(root.GetProperty("call"u8).GetRawText()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("The sample holds a line that cannot be read; regenerate it with ./commerce demo --regenerate.", e);
        }
    }

    internal static SampleEvent Of(Entry entry) => new(entry.At, entry.Target, entry.Refusal, entry.Content switch
    {
        ShopCall call => Json(json => ShopCallWriter.Write(json, call)),
        ConsentDecision decision => Json(json => Write(json, decision)),
        string text => Encoding.UTF8.GetBytes(text),
        _ => throw new InvalidOperationException($"No JSON for {entry.Content.GetType().Name}."),
    });

    private static void Write(Utf8JsonWriter json, ConsentDecision decision)
    {
        json.WriteStartObject();
        json.WriteStartObject("subject"u8);
        if (decision.UserId is { } user)
        {
            json.WriteString("userId"u8, user);
            json.WriteString("platform"u8, SampleOptions.Platform);
        }
        else
        {
            json.WriteString("anonymousId"u8, decision.AnonymousId);
        }
        json.WriteEndObject();
        json.WriteStartObject("purposes"u8);
        json.WriteBoolean("analytics"u8, decision.Choice.Analytics);
        json.WriteBoolean("advertising"u8, decision.Choice.Advertising);
        json.WriteBoolean("personalization"u8, decision.Choice.Personalization);
        json.WriteEndObject();
        json.WriteString("source"u8, decision.Origin);
        json.WriteString("jurisdiction"u8, "EU");
        json.WriteString("decidedAt"u8, decision.DecidedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("decisionId"u8, decision.DecisionId);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
            write(json);
        return buffer.WrittenMemory;
    }
}
