using System.Globalization;
using System.Text.Json;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>The four times of an event.</summary>
/// <param name="Timestamp">When it happened, by our clock.</param>
/// <param name="Original">When it happened, by the sender's clock.</param>
/// <param name="SentAt">When it was sent, by the sender's clock.</param>
internal readonly record struct EventTimes(DateTimeOffset Timestamp, DateTimeOffset? Original, DateTimeOffset? SentAt);

/// <summary>
/// Times as senders write them, and the correction of wrong clocks: timestamp = receivedAt − (sentAt − originalTimestamp), as
/// Segment's specification has it (Spec: Common Fields, Timestamps), when the sender's clock is off by more than the tolerance.
/// </summary>
internal static class EventClock
{
    // Numbers below are seconds since 1970, above milliseconds: 10^11 s is the year 5138, 10^11 ms is 1973.
    private const long SecondsMax = 100_000_000_000;

    public static Fault? Read(in Envelope envelope, DateTimeOffset? batchSentAt, DateTimeOffset receivedAt, IngestOptions options, out EventTimes times)
    {
        times = default;
        if (!TryInstant(envelope.Timestamp, out var timestamp))
            return new Fault(Reasons.InvalidTimestamp, "timestamp is neither ISO 8601 nor a Unix time");
        if (!TryInstant(envelope.OriginalTimestamp, out var originalTimestamp))
            return new Fault(Reasons.InvalidTimestamp, "originalTimestamp is neither ISO 8601 nor a Unix time");
        if (!TryInstant(envelope.SentAt, out var sentAt))
            return new Fault(Reasons.InvalidTimestamp, "sentAt is neither ISO 8601 nor a Unix time");

        // The batch's sentAt is newer: SDKs stamp the event when it enters their queue and the batch when it leaves.
        sentAt = batchSentAt ?? sentAt;
        var original = timestamp ?? originalTimestamp;
        var corrected = Corrected(original ?? receivedAt, original is null ? null : sentAt, receivedAt, options);
        if (corrected > receivedAt.AddHours(options.FutureHoursMax))
        {
            return new Fault(Reasons.TimestampInFuture, string.Create(
                CultureInfo.InvariantCulture, $"timestamp is more than {options.FutureHoursMax} h ahead of the time of receipt"));
        }

        if (corrected.Year < options.YearMin)
            return new Fault(Reasons.TimestampTooOld, string.Create(CultureInfo.InvariantCulture, $"timestamp is before the year {options.YearMin}"));
        times = new EventTimes(corrected > receivedAt ? receivedAt : corrected, original, sentAt);
        return null;
    }

    /// <summary>False when the value is present and no time.</summary>
    public static bool TryInstant(JsonElement json, out DateTimeOffset? instant)
    {
        instant = null;
        if (json.IsAbsent())
            return true;
        if (json.ValueKind == JsonValueKind.Number)
            return json.TryGetDecimal(out var number) && TryUnix(number, out instant);
        if (json.ValueKind != JsonValueKind.String)
            return false;
        if (json.TryGetDateTimeOffset(out var iso))
        {
            // Without an offset the framework would read the text in this machine's zone.
            instant = HasOffset(json.GetString()!) ? iso.ToUniversalTime() : new DateTimeOffset(iso.DateTime, TimeSpan.Zero);
            return true;
        }

        return TryText(json.GetString()!.Trim(), out instant);
    }

    private static DateTimeOffset Corrected(DateTimeOffset original, DateTimeOffset? sentAt, DateTimeOffset receivedAt, IngestOptions options)
    {
        if (sentAt is not { } sent)
            return original;
        var skew = receivedAt - sent;
        if (Math.Abs(skew.TotalSeconds) <= options.ClockToleranceSeconds)
            return original;
        var ticks = original.UtcTicks + skew.Ticks;
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : original;
    }

    private static bool TryText(string text, out DateTimeOffset? instant)
    {
        instant = null;
        if (decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return TryUnix(number, out instant);
        // Only year-first forms: 01/02/2024 is two different days.
        if (text.Length < 10 || !text.AsSpan(0, 4).ContainsOnlyDigits() || text[4] is not ('-' or '/'))
            return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value))
            return false;
        instant = value;
        return true;
    }

    private static bool TryUnix(decimal number, out DateTimeOffset? instant)
    {
        instant = null;
        var milliseconds = Math.Abs(number) < SecondsMax ? number * 1000 : number;
        if (milliseconds < 0 || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return false;
        instant = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }

    // A date alone has dashes, too, but no offset.
    private static bool HasOffset(string text) =>
        text[^1] is 'Z' or 'z' || (text.IndexOf('T', StringComparison.Ordinal) is var time and >= 0 && text.LastIndexOfAny(['+', '-']) > time);

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
