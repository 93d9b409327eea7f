namespace Commerce.Streaming.LocalRegistry.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("commerce-registry-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
