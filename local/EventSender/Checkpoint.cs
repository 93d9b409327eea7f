using System.Text.Json;

namespace Commerce.Streaming.EventSender;

/// <summary>Keeps a stream's state in a file, replaced as a whole so that a crash leaves the old one or the new one.</summary>
public sealed class Checkpoint(string folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The state of an interrupted run of this stream; null when there is none, or it has ended.</summary>
    public SendState? Interrupted(ICallStream calls)
    {
        var path = PathOf(calls.Fingerprint);
        if (!File.Exists(path))
            return null;
        try
        {
            var state = JsonSerializer.Deserialize<SendState>(File.ReadAllBytes(path), Json);
            return state is not null && state.Fingerprint == calls.Fingerprint && state.Position > 0 && state.Position < calls.Count
                ? state
                : null;
        }
        catch (JsonException)
        {
            // Written by another version: sending from the start is always right, only longer.
            return null;
        }
    }

    public void Save(SendState state)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(state.Fingerprint);
        var next = path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(state, Json));
        File.Move(next, path, overwrite: true);
    }

    public void Forget(ICallStream calls) => File.Delete(PathOf(calls.Fingerprint));

    private string PathOf(string fingerprint) => Path.Combine(folder, fingerprint + ".json");
}
