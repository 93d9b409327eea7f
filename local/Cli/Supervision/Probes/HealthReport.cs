using System.Text.Json;

namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>The JSON body of our services' health endpoints: `{"status":…,"checks":{"name":{"status":…,"reason":…}}}`.</summary>
internal static class HealthReport
{
    private const int ReasonCharacters = 300;

    /// <summary>The checks that fail, each with its reason; the body as it is when it is something else.</summary>
    public static string Summarise(string body)
    {
        var text = Failing(body) ?? body.ReplaceLineEndings(" ");
        return text[..Math.Min(text.Length, ReasonCharacters)];
    }

    private static string? Failing(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var failing = document.RootElement.GetProperty("checks").EnumerateObject()
                .Where(check => !check.Value.GetProperty("status").ValueEquals("healthy"))
                .Select(check => check.Value.TryGetProperty("reason", out var reason) ? $"{check.Name}: {reason.GetString()}" : check.Name)
                .ToList();
            return failing.Count > 0 ? string.Join("; ", failing) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
