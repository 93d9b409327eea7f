using System.Text.Json;

namespace Commerce.Streaming.Ingest.Domain;

internal static class Quantity
{
    /// <summary>Reads a whole number of units; <paramref name="defaultTo"/> when absent.</summary>
    public static Fault? Read(JsonElement json, string field, int defaultTo, out int quantity)
    {
        quantity = defaultTo;
        if (!json.TryNumber(out var number))
            return new Fault(Reasons.InvalidQuantity, $"{field} is not a number");
        if (number is not { } value)
            return null;
        if (decimal.Truncate(value) != value || value is < int.MinValue or > int.MaxValue)
            return new Fault(Reasons.InvalidQuantity, $"{field} is not a whole number");
        quantity = (int)value;
        return null;
    }
}
