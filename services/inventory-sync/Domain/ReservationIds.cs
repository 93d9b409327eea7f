using System.Security.Cryptography;
using System.Text;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>
/// Ids of reservations. One made with a key of the caller's, such as the order's or the basket's id, is a function of that key: asking
/// again is the same reservation, and the sale of the order with that id finds it.
/// </summary>
public static class ReservationIds
{
    private const string Prefix = "r_";
    private const int KeptBytes = 16;

    public static string Of(string platform, string key) => Format(SHA256.HashData(Encoding.UTF8.GetBytes(platform + "\n" + key)).AsSpan(0, KeptBytes));

    public static string New() => Format(RandomNumberGenerator.GetBytes(KeptBytes));

    public static bool IsWellFormed(string id) =>
        id.Length == Prefix.Length + (2 * KeptBytes) && id.StartsWith(Prefix, StringComparison.Ordinal) && id.AsSpan(Prefix.Length).IndexOfAnyExcept(Hex) < 0;

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static string Format(ReadOnlySpan<byte> bytes) => Prefix + Convert.ToHexStringLower(bytes);
}
