namespace Commerce.Streaming.LocalRegistry;

/// <summary><c>offset</c> and <c>limit</c> of a list; without them the whole of it.</summary>
internal static class Page
{
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, ApiRequest request)
    {
        var rest = items.Skip(Math.Max(0, request.Number("offset") ?? 0));
        return request.Number("limit") is { } limit and >= 0 ? rest.Take(limit) : rest;
    }
}
