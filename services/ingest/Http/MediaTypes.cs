using Microsoft.Net.Http.Headers;

namespace Commerce.Streaming.Ingest.Http;

internal static class MediaTypes
{
    /// <summary>
    /// Whether a body of this type is read as JSON. Browsers' SDKs send text/plain, which spares them a preflight request; RudderStack's
    /// Node SDK labels gzipped JSON as a form; a missing type is forgiven.
    /// </summary>
    public static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || (MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && (parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || parsed.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
                || parsed.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                || parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));
}
