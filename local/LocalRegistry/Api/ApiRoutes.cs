using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Maps a method and a path to a function from request to answer, and refusals to Confluent's error body.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, RegistryStore store)
{
    private const string ContentType = "application/vnd.schemaregistry.v1+json";
    private const string PlainJson = "application/json";

    private static readonly HashSet<string> Readable = new(StringComparer.OrdinalIgnoreCase)
    {
        ContentType,
        "application/vnd.schemaregistry+json",
        PlainJson,
        "application/octet-stream",
    };

    public void Get(string path, Func<ApiRequest, object> handle) => Map("GET", path, request => Task.FromResult(handle(request)));

    public void Post(string path, Func<ApiRequest, Task<object>> handle) => Map("POST", path, handle);

    public void Put(string path, Func<ApiRequest, Task<object>> handle) => Map("PUT", path, handle);

    public void Delete(string path, Func<ApiRequest, Task<object>> handle) => Map("DELETE", path, handle);

    /// <summary>Answers for requests that no route or only another method takes, and for failures.</summary>
    public static async Task Frame(HttpContext context, Func<Task> next)
    {
        try
        {
            await next();
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null })
                await Refuse(context, context.Response.StatusCode, $"HTTP {context.Response.StatusCode}");
        }
        catch (RegistryException e)
        {
            context.Response.StatusCode = e.Status;
            await Refuse(context, e.ErrorCode, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            await Refuse(context, e.StatusCode, e.Message);
        }
    }

    private void Map(string method, string path, Func<ApiRequest, Task<object>> handle) =>
        routes.MapMethods(path, [method], async context =>
        {
            if (method is "POST" or "PUT" && !IsReadable(context.Request.ContentType))
                throw new RegistryException(415, "HTTP 415 Unsupported Media Type: send " + ContentType);
            await Write(context, await handle(new ApiRequest(context, store)));
        });

    private static bool IsReadable(string? contentType) => contentType is null || Readable.Contains(contentType.Split(';')[0].Trim());

    private static Task Refuse(HttpContext context, int code, string message) => Write(context, new ErrorAnswer(code, message));

    private static Task Write(HttpContext context, object answer)
    {
        var accept = context.Request.Headers.Accept.ToString();
        context.Response.ContentType = accept.StartsWith(PlainJson, StringComparison.OrdinalIgnoreCase) ? PlainJson : ContentType;
        var bytes = answer is RawJson raw
            ? System.Text.Encoding.UTF8.GetBytes(raw.Text)
            : JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), RegistryJson.Readable);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
