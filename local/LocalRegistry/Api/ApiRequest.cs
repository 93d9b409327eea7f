using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>A request in the registry's terms.</summary>
internal readonly struct ApiRequest(HttpContext context, RegistryStore store)
{
    public RegistryStore Store => store;

    /// <summary>One state for the whole request, whatever is written meanwhile.</summary>
    public RegistryState State { get; } = store.State;

    public CancellationToken Cancel => context.RequestAborted;

    /// <summary>The server leaves an escaped slash alone, as it cannot tell it from a separator; inside a subject it is one character.</summary>
    public string Subject => Route("subject").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public string Version => Route("version");

    public int Id => int.Parse(Route("id"), CultureInfo.InvariantCulture);

    public bool Flag(string name) => bool.TryParse(context.Request.Query[name], out var value) && value;

    public string? Text(string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public int? Number(string name) =>
        int.TryParse(context.Request.Query[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public async Task<T> BodyAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, Cancel) ?? throw new RegistryException(422, "The body is null");
        }
        catch (JsonException e)
        {
            throw new RegistryException(400, $"The body is not the expected JSON: {e.Message}");
        }
    }

    private string Route(string name) => (string)context.Request.RouteValues[name]!;
}
