using System.Text.Json;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Amounts as the contracts hold them: decimal(19, 4).</summary>
internal static class Money
{
    private const int Scale = 4;
    private const decimal Limit = 1_000_000_000_000_000m;

    /// <summary>
    /// Reads an amount; null when absent. Rounded half away from zero to four digits: senders that compute in binary floating
    /// point send 59.900000000000006.
    /// </summary>
    public static Fault? Read(JsonElement json, string field, out decimal? amount)
    {
        amount = null;
        if (!json.TryNumber(out var number))
            return new Fault(Reasons.InvalidAmount, $"{field} is not a number that an amount can be");
        if (number is not { } value)
            return null;
        if (Math.Abs(value) >= Limit)
            return new Fault(Reasons.InvalidAmount, $"{field} is beyond 15 digits");
        amount = Math.Round(value, Scale, MidpointRounding.AwayFromZero);
        return null;
    }

    /// <summary>Whether a computed amount still fits.</summary>
    public static bool Fits(decimal amount) => Math.Abs(amount) < Limit;
}
