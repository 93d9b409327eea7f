using System.Text.Json;

namespace Commerce.Streaming.EventSender;

/// <summary>Refused events of a batch, by index.</summary>
internal readonly record struct RefusedEvent(int Index, string Status, string Reason, string Detail);

/// <summary>Reads the per-event results of an answer.</summary>
internal static class BatchAnswer
{
    /// <summary>The events that were not accepted; null when the answer holds no results at all.</summary>
    public static List<RefusedEvent>? Refused(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("results"u8, out var results)
                || results.ValueKind != JsonValueKind.Array)
                return null;
            var refused = new List<RefusedEvent>();
            foreach (var result in results.EnumerateArray())
            {
                var status = Text(result, "status");
                if (status != "accepted")
                    refused.Add(new RefusedEvent(result.GetProperty("index"u8).GetInt32(), status, Text(result, "reason"), Text(result, "detail")));
            }
            return refused;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement result, string name) =>
        result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
