using System.Reflection;
using Avro.Specific;

namespace Commerce.Streaming.Contracts.Tests;

/// <summary>Fills a generated record through its properties, each with a value that a mix-up would show.</summary>
internal static class SampleRecords
{
    public static object Of(Type type, int depth = 0, bool present = true)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner == typeof(string)) return $"text-{depth}-é";
        if (inner == typeof(int)) return 41 + depth;
        if (inner == typeof(long)) return 9_000_000_000L + depth;
        if (inner == typeof(bool)) return true;
        if (inner == typeof(byte[])) return new byte[] { 1, 2, 3 };
        if (inner == typeof(decimal)) return 1234.5670m + depth;
        if (inner == typeof(DateTimeOffset)) return new DateTimeOffset(2011, 12, 9, 12, 50, depth, 123, TimeSpan.Zero);
        if (inner.IsEnum) return Enum.GetValues(inner).GetValue(1)!;
        if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(inner.GetGenericArguments()[0], depth);
        if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) return new Dictionary<string, string> { ["a"] = "b" };
        return Record(inner, depth + 1, present);
    }

    private static object List(Type item, int depth)
    {
        var list = Array.CreateInstance(item, 2);
        for (var i = 0; i < 2; i++) list.SetValue(Of(item, depth + i), i);
        return list;
    }

    private static object Record(Type type, int depth, bool present)
    {
        typeof(ISpecificRecord).IsAssignableFrom(type).ShouldBeTrue(type.FullName);
        var record = Activator.CreateInstance(type)!;
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            if (present || nullability.Create(property).WriteState != NullabilityState.Nullable)
                property.SetValue(record, Of(property.PropertyType, depth, present));
        return record;
    }
}
