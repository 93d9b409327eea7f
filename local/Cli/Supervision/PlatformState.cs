using System.Text.Json;
using System.Text.Json.Serialization;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Supervision;

public enum Phase
{
    Starting,
    Ready,
    Failed,
    Stopping,
    Stopped,
}

/// <summary>What the supervisor tells the other commands, in `state.json`. It may outlive its writer: ask <see cref="IsLive"/> first.</summary>
public sealed record PlatformState
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required int SupervisorId { get; init; }

    public required long SupervisorStartTicks { get; init; }

    public required Phase Phase { get; init; }

    /// <summary>Why the start failed.</summary>
    public string? Message { get; init; }

    public required PlatformSettings Settings { get; init; }

    public required IReadOnlyList<ProcessStatus> Processes { get; init; }

    /// <summary>True when the supervisor that wrote this still runs, by pid *and* start time.</summary>
    [JsonIgnore]
    public bool IsLive => ProcessSnapshot.IsAlive(SupervisorId, SupervisorStartTicks);

    public static PlatformState? Load(PlatformPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize<PlatformState>(File.ReadAllText(paths.StateFile), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The state of a platform that runs now, or null.</summary>
    public static PlatformState? LoadLive(PlatformPaths paths) => Load(paths) is { IsLive: true } state ? state : null;

    // It may hold the password of an external database.
    public void Save(PlatformPaths paths) => PrivateFile.Write(paths.StateFile, JsonSerializer.Serialize(this, Json), flushToDisk: false);
}
