using System.Text.Json;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>
/// The changes of the registry in one append-only file: a line per request, a JSON array of its changes, on disk (fsync) before
/// the request is answered. A torn last line was never answered and is cut off; a broken line elsewhere stops the start.
/// </summary>
internal sealed class Journal : IDisposable
{
    public const string FileName = "registry.jsonl";
    private const string LockName = "registry.lock";

    /// <summary>Lines beyond which a start writes the file anew, when that makes it shorter.</summary>
    private const int CompactFromLines = 256;

    private readonly FileStream _lock;
    private readonly FileStream _file;
    private bool _broken;

    private Journal(FileStream held, FileStream file, JournalStart start)
    {
        _lock = held;
        _file = file;
        Start = start;
    }

    /// <summary>What was found when the journal was opened.</summary>
    public JournalStart Start { get; }

    /// <exception cref="IOException">Another process uses the folder.</exception>
    /// <exception cref="InvalidDataException">The journal is damaged in the middle.</exception>
    public static (Journal Journal, RegistryState State) Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var held = Hold(Path.Combine(folder, LockName));
        FileStream? file = null;
        try
        {
            var path = Path.Combine(folder, FileName);
            var (state, lines, length) = Read(path);
            var replay = state.Replay().ToArray();
            var compacted = lines > CompactFromLines && replay.Length < lines;
            if (compacted)
                length = Rewrite(path, replay);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            var torn = file.Length - length;
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            return (new Journal(held, file, new JournalStart(lines, torn, compacted)), state);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the changes are on disk. After a failure the file is as before, or nothing more is written.</summary>
    public void Append(IReadOnlyList<RegistryChange> changes)
    {
        if (_broken)
            throw new IOException("The journal could not be restored after an earlier failure; restart the registry");
        var before = _file.Position;
        try
        {
            _file.Write(Line(changes));
            _file.Flush(flushToDisk: true);
        }
        catch
        {
            _broken = true;
            _file.SetLength(before);
            _file.Flush(flushToDisk: true);
            _broken = false;
            throw;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static (RegistryState State, int Lines, long Length) Read(string path)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var state = RegistryState.Empty;
        var lines = 0;
        var start = 0;
        while (start < bytes.Length)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            if (end < 0)
                break;
            if (Parse(bytes.AsSpan(start, end - start)) is not { } changes)
            {
                if (end == bytes.Length - 1)
                    break;
                throw new InvalidDataException($"{path}: line {lines + 1} is damaged and lines follow it; restore the file or delete it");
            }
            state = state.Apply(changes);
            lines++;
            start = end + 1;
        }
        return (state, lines, start);
    }

    private static RegistryChange[]? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RegistryJson.Readable.RegistryChangeArray);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Into a second file, on disk before it takes the first one's name: a crash leaves one or the other.</summary>
    private static long Rewrite(string path, IEnumerable<RegistryChange> replay)
    {
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            foreach (var change in replay)
                file.Write(Line([change]));
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
        return new FileInfo(path).Length;
    }

    private static byte[] Line(IReadOnlyList<RegistryChange> changes) =>
        [.. JsonSerializer.SerializeToUtf8Bytes([.. changes], RegistryJson.Readable.RegistryChangeArray), (byte)'\n'];

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The registry's folder is in use by another process ({path})", e);
        }
    }
}

/// <summary>Lines read, bytes of a torn line cut off, and whether the file was written anew.</summary>
internal sealed record JournalStart(int Lines, long TornBytes, bool Compacted);
