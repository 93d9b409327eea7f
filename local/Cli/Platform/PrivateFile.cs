using System.Text;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>Files that only their owner may read, and that are never seen half-written.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, string content, bool flushToDisk)
    {
        var fresh = $"{path}.{Environment.ProcessId}.new";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
