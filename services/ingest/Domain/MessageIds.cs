using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Ids for events whose sender gave none.</summary>
internal static class MessageIds
{
    private const int IdBytes = 16;

    /// <summary>
    /// Derived from source, bytes and position in the batch, so that a sender who repeats a request after a 503 does not count
    /// twice. Events without a time of their own are told apart by the time of receipt: two equal clicks are two clicks.
    /// </summary>
    public static string Derive(ReadOnlySpan<byte> raw, int index, in EventContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(context.Source.Source.Id));
        Span<byte> numbers = stackalloc byte[sizeof(int) + sizeof(long)];
        BinaryPrimitives.WriteInt32BigEndian(numbers, index);
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(int)..], raw.IndexOf("imestamp\""u8) >= 0 ? 0 : context.ReceivedAt.UtcTicks);
        hash.AppendData(numbers);
        hash.AppendData(raw);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return "auto-" + Convert.ToHexStringLower(digest[..IdBytes]);
    }
}
