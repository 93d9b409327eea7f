namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>Replaces small files in one step: after a crash either the old or the new content is there, never a mixture.</summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".new";

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + TemporarySuffix;
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
