namespace Commerce.Streaming.Testing;

/// <summary>A folder of one test's own under the temporary folder, deleted when it is disposed.</summary>
public sealed class ThrowawayFolder : IAsyncDisposable
{
    public ThrowawayFolder(string purpose)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{purpose}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Path of a folder inside; made.</summary>
    public string Child(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
