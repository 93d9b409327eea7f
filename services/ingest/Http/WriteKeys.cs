using System.Text;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>Reads the write key that a request carries in its headers.</summary>
internal static class WriteKeys
{
    private const string Basic = "Basic ";
    private const int HeaderLengthMax = 1_000;

    /// <summary>User part of Basic authentication; null when there is none. A header that is no Basic gives an empty key.</summary>
    public static string? InHeader(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return null;
        if (header.Length > HeaderLengthMax || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return "";
        Span<byte> decoded = stackalloc byte[HeaderLengthMax];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), decoded, out var length))
            return "";
        var text = Encoding.UTF8.GetString(decoded[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? text : text[..colon];
    }

    /// <summary>
    /// The value of a member "writeKey" in bytes that are no JSON, so that a sender whose body is broken still gets it quarantined.
    /// Senders without a known key get nothing stored.
    /// </summary>
    public static string? InBrokenBody(ReadOnlySpan<byte> body)
    {
        var found = body.IndexOf("\"writeKey\""u8);
        if (found < 0)
            return null;
        var rest = body[(found + 10)..].TrimStart(" \t\r\n:"u8);
        if (rest.IsEmpty || rest[0] != (byte)'"')
            return null;
        rest = rest[1..];
        var end = rest.IndexOf((byte)'"');
        return end is > 0 and < HeaderLengthMax ? Encoding.UTF8.GetString(rest[..end]) : null;
    }
}
