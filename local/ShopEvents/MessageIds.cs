using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace Commerce.Streaming.ShopEvents;

/// <summary>Message ids that are a function of what is sent, so that sending it again is recognised as a repetition.</summary>
/// <param name="origin">Names the data that the messages come from, for example a content hash.</param>
public sealed class MessageIds(string origin)
{
    private const int StackBytes = 512;

    /// <summary>XXH128 over origin, kind and key: 32 hexadecimal digits, no secret and no PII.</summary>
    public string For(string kind, string key)
    {
        var text = string.Concat(origin, "\n", kind, "\n") + key;
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = size > StackBytes ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> bytes = rented ?? stackalloc byte[StackBytes];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(bytes[..length], hash);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return Convert.ToHexStringLower(hash);
    }
}
