using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>An answer of the API, read.</summary>
internal sealed record Answer(HttpStatusCode Status, bool Success, string? Reason, IReadOnlyList<AnswerResult> Results, HttpResponseHeaders Headers)
{
    public static Task<Answer> PostAsync(HttpClient client, string path, string json, string? mediaType = "application/json") =>
        PostAsync(client, path, Encoding.UTF8.GetBytes(json), mediaType);

    public static async Task<Answer> PostAsync(HttpClient client, string path, byte[] body, string? mediaType = "application/json", string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        if (mediaType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var response = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await ReadAsync(response);
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var root = json.RootElement;
        var results = root.TryGetProperty("results", out var array) ? array.EnumerateArray().Select(AnswerResult.Of).ToList() : [];
        return new Answer(response.StatusCode, root.GetProperty("success").GetBoolean(), Text(root, "reason"), results, response.Headers);
    }

    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}

internal sealed record AnswerResult(int Index, string MessageId, string Status, string? Reason, string? Detail)
{
    public static AnswerResult Of(JsonElement json) => new(
        json.GetProperty("index").GetInt32(), json.GetProperty("messageId").GetString()!, json.GetProperty("status").GetString()!,
        Answer.Text(json, "reason"), Answer.Text(json, "detail"));
}
