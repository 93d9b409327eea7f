using System.Text.Json;
using Java;

namespace Commerce.Streaming.Contracts.Tests;

/// <summary>
/// Golden vectors of Apache Avro Java, outside the repository: COMMERCE_TEST_VECTORS names their folder. A record on the wire is its
/// fields one after the other, so Java's bytes of single values make up the bytes of a record.
/// </summary>
internal static class JavaBytes
{
    /// <summary>Field of <see cref="Everything"/>, vectors of its type, and the field's value in the vectors' notation.</summary>
    public static readonly (string Field, string[] Vectors, Func<Everything, object?> Value)[] Fields =
    [
        ("flag", ["bool-true"], each => each.Flag),
        ("small", ["int--1", "int-63", "int--65", "int-8191", "int-8192", "int-1048576", "int--2147483648"], each => each.Small),
        ("big", ["long--1", "long--2147483649", "long-9223372036854775807", "long--9223372036854775808", "long-72057594037927935"], each => Text(each.Big)),
        ("real", ["double-pi", "double-max"], each => each.Real),
        ("raw", ["bytes-empty", "bytes-zero"], each => Hex(each.Raw)),
        ("text", ["string-latin", "string-emoji", "string-cjk", "string-5000"], each => each.Text),
        ("amount", ["decimal-bytes-123.45", "decimal-bytes-0.00", "decimal-bytes--0.01", "decimal-bytes-1.28"], each => Hex(Unscaled(each.Amount))),
        ("at", ["timestamp-millis--1", "timestamp-millis-1767225600123"], each => Text(each.At.ToUnixTimeMilliseconds())),
        ("maybe", ["union-null-string-null"], each => new { branch = "null", value = each.Maybe }),
        ("status", ["enum-first", "enum-last"], each => each.Status.ToString()),
        ("numbers", ["map-empty", "map-1"], each => each.Numbers.ToDictionary(entry => entry.Key, entry => Text(entry.Value))),
        ("people", ["map-of-record"], each => each.People.ToDictionary(entry => entry.Key, entry => new { a = entry.Value.A })),
        ("ints", ["array-empty", "array-3", "array-1000"], each => each.Ints),
        ("nested", ["record-nested"], each => new
        {
            a = new { b = new { c = new { branch = "string", value = each.Nested.A.B.C }, d = each.Nested.A.B.D.Select(Text) }, e = each.Nested.A.E },
            z = each.Nested.Z,
        }),
        ("tree", ["recursive-tree"], each => TreeOf(each.Tree)),
        ("items", ["array-of-records-neg-block"], each => each.Items.Select(item => new { s = item.S, n = new { branch = item.N is null ? "null" : "int", value = item.N } })),
    ];

    public static IReadOnlyDictionary<string, JsonElement> Cases(string file)
    {
        var folder = Environment.GetEnvironmentVariable("COMMERCE_TEST_VECTORS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "COMMERCE_TEST_VECTORS does not name the folder of golden vectors (avro/...)");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder!, "avro", file)));
        return document.RootElement.Clone().GetProperty("cases").EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!, StringComparer.Ordinal);
    }

    public static byte[] Bytes(this JsonElement item)
    {
        var hex = item.GetProperty("hex");
        if (hex.ValueKind == JsonValueKind.String)
            return Convert.FromHexString(hex.GetString()!);
        var repeated = string.Concat(Enumerable.Repeat(hex.GetProperty("unit").GetString()!, hex.GetProperty("times").GetInt32()));
        return Convert.FromHexString(repeated + (hex.TryGetProperty("tail", out var tail) ? tail.GetString() : ""));
    }

    private static object TreeOf(Tree tree) => new { n = tree.N, kids = tree.Kids.Select(TreeOf) };

    /// <summary>A decimal's bytes as the vectors show them: the shortest two's complement of the unscaled value, big end first.</summary>
    private static byte[] Unscaled(decimal amount) => new System.Numerics.BigInteger(amount * 100).ToByteArray(isBigEndian: true);

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
