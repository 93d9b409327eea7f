using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

/// <summary>Plain HTTP against a registry's base address, as curl would.</summary>
public sealed class RegistryCaller(string url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(url.TrimEnd('/') + "/") };

    public string Url => url;

    public Task<RegistryReply> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<RegistryReply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<RegistryReply> Post(string path, JsonNode body) => Send(HttpMethod.Post, path, body.ToJsonString());

    public Task<RegistryReply> Put(string path, JsonNode body) => Send(HttpMethod.Put, path, body.ToJsonString());

    public Task<RegistryReply> Register(string subject, string schema, string query = "") =>
        Post($"subjects/{Uri.EscapeDataString(subject)}/versions{query}", Schema(schema));

    public async Task<int> RegisteredId(string subject, string schema) => (await Register(subject, schema)).Ok()["id"]!.GetValue<int>();

    private const int AskFirstBytes = 1_000_000;

    public async Task<RegistryReply> Send(HttpMethod method, string path, string? body, string contentType = "application/vnd.schemaregistry.v1+json")
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/'));
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
            // A server may refuse a large body by its length and close: asked first, it can say so before we are in the middle of it.
            request.Headers.ExpectContinue = body.Length >= AskFirstBytes;
        }
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new RegistryReply((int)response.StatusCode, text, response.Content.Headers.ContentType?.MediaType);
    }

    public static JsonObject Schema(string schema) => new() { ["schema"] = schema };

    public void Dispose() => _http.Dispose();
}

public sealed record RegistryReply(int Status, string Text, string? MediaType)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonNode Ok()
    {
        Status.ShouldBe(200, Text);
        return Json;
    }

    public void ShouldFail(int status, int errorCode)
    {
        Status.ShouldBe(status, Text);
        Json["error_code"]!.GetValue<int>().ShouldBe(errorCode, Text);
        Json["message"]!.GetValue<string>().ShouldNotBeEmpty();
    }
}
