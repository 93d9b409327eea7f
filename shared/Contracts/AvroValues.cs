using System.Collections;
using System.Numerics;
using Avro;

namespace Commerce.Streaming.Contracts;

/// <summary>Crossings between the records' property types and what Apache.Avro's specific reader and writer take.</summary>
public static class AvroValues
{
    private static readonly decimal[] Powers = [.. Enumerable.Range(0, 29).Select(power => (decimal)BigInteger.Pow(10, power))];

    /// <summary>A decimal with exactly <paramref name="scale"/> digits after the point, as the schema's decimal type wants it.</summary>
    /// <exception cref="AvroException">The value has more digits than the schema can hold; amounts are rounded where the rule for it is known, not here.</exception>
    public static AvroDecimal Decimal(decimal value, int scale)
    {
        var unscaled = value * PowerOfTen(scale);
        if (decimal.Truncate(unscaled) != unscaled)
            throw new AvroException($"an amount has more than {scale} digits after the point");
        return new AvroDecimal(new BigInteger(unscaled), scale);
    }

    /// <exception cref="OverflowException">The value is beyond System.Decimal's range.</exception>
    public static decimal Decimal(object value)
    {
        var number = (AvroDecimal)value;
        return (decimal)number.UnscaledValue / PowerOfTen(number.Scale);
    }

    public static DateTimeOffset Instant(object value) => new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

    /// <summary>
    /// The list as the writer wants it: the framework's lists are <see cref="IList"/>; any other is copied. Null only while the
    /// reader fills a new record: it asks for the former value of each field, to reuse it.
    /// </summary>
    public static object? List<T>(IReadOnlyList<T>? list) => list as IList ?? list?.ToList();

    /// <summary>The map as the writer wants it: the framework's dictionaries are <see cref="IDictionary"/>; any other is copied. Null as for a list.</summary>
    public static object? Map<T>(IReadOnlyDictionary<string, T>? map) =>
        map as IDictionary ?? (map is null ? null : new Dictionary<string, T>(map, StringComparer.Ordinal));

    private static decimal PowerOfTen(int scale) =>
        scale is >= 0 and <= 28 ? Powers[scale] : throw new ArgumentOutOfRangeException(nameof(scale), scale, "0 to 28");
}
