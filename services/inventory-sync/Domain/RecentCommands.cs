using System.Security.Cryptography;
using System.Text;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>The latest sales and returns of a SKU, by a fingerprint of their ids. Bounded by number: it is part of an entry that is written often.</summary>
public static class RecentCommands
{
    /// <summary>Remembered. A SKU that sells faster than this many lines in the time that a mirror's offsets are behind can sell some of them twice.</summary>
    public const int Max = 64;

    /// <summary>Bytes of a fingerprint: of 10^12 commands one is taken for another.</summary>
    public const int Size = 6;

    /// <summary>With one more, oldest first; null when it is among them already.</summary>
    public static byte[]? With(byte[] recent, string commandId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(commandId), hash);
        var fingerprint = hash[..Size];
        for (var at = 0; at + Size <= recent.Length; at += Size)
        {
            if (fingerprint.SequenceEqual(recent.AsSpan(at, Size)))
                return null;
        }

        var kept = recent.AsSpan(Math.Max(0, recent.Length - (Max - 1) * Size));
        return [.. kept, .. fingerprint];
    }
}
