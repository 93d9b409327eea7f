namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>Keeps a second broker out of the data folder; the operating system lets go of it when the process dies.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = ".lock";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Take(string directory)
    {
        try
        {
            var path = Path.Combine(directory, FileName);
            return new DataDirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new IOException($"Another broker uses {directory}: stop it, or choose another folder.", taken);
        }
    }

    public void Dispose() => _file.Dispose();
}
