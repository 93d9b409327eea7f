using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// A sorted table of fixed-size entries, held in memory while its segment is written and read in place from its file once
/// the segment is closed, so that old segments cost no memory. Keys ascend; a search finds the last key not above a target.
/// </summary>
internal abstract class SparseIndex : IDisposable
{
    private readonly string _path;
    private readonly int _entrySize;
    private byte[]? _memory;
    private int _count;
    private int _saved;
    private SafeFileHandle? _file;

    protected SparseIndex(string path, int entrySize)
    {
        _path = path;
        _entrySize = entrySize;
        _memory = [];
    }

    public int Count => _count;

    public bool FileExists => File.Exists(_path);

    /// <summary>Loads the entries of a segment that is still written, keeping those that <paramref name="keep"/> accepts.</summary>
    public void LoadForAppend(Func<ReadOnlyMemory<byte>, bool> keep)
    {
        var bytes = File.Exists(_path) ? File.ReadAllBytes(_path) : [];
        var count = 0;
        while ((count + 1) * _entrySize <= bytes.Length && keep(bytes.AsMemory(count * _entrySize, _entrySize)))
            count++;
        _file?.Dispose();
        _file = null;
        _memory = bytes;
        _count = count;
        _saved = 0;
    }

    /// <summary>Opens the file of a closed segment.</summary>
    public void OpenClosed()
    {
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _count = (int)(RandomAccess.GetLength(_file) / _entrySize);
        _memory = null;
    }

    /// <summary>Writes what the file lacks.</summary>
    public void Save()
    {
        if (_memory is null || (_saved == _count && _count > 0))
            return;
        using var file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, _memory.AsSpan(_saved * _entrySize, (_count - _saved) * _entrySize), (long)_saved * _entrySize);
        RandomAccess.SetLength(file, (long)_count * _entrySize);
        _saved = _count;
    }

    /// <summary>Saves, then frees the memory and reads from the file from now on.</summary>
    public void Close()
    {
        if (_memory is null)
            return;
        Save();
        OpenClosed();
    }

    public void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file?.Dispose();

    protected static long Int64(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64BigEndian(entry);

    protected static int Int32(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry);

    /// <summary>The key of an entry as the index sorts it.</summary>
    protected abstract long Key(ReadOnlySpan<byte> entry);

    protected Span<byte> Append()
    {
        var memory = _memory ?? throw new InvalidOperationException("A closed index does not grow.");
        var end = _count * _entrySize;
        if (end + _entrySize > memory.Length)
        {
            Array.Resize(ref memory, Math.Max(end * 2, _entrySize * 16));
            _memory = memory;
        }

        _count++;
        return memory.AsSpan(end, _entrySize);
    }

    /// <summary>Copies the last entry whose key is not above <paramref name="target"/>.</summary>
    protected bool TryFloor(long target, Span<byte> entry)
    {
        int low = 0, high = _count - 1;
        var found = false;
        Span<byte> probe = stackalloc byte[_entrySize];
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            Read(middle, probe);
            if (Key(probe) <= target)
            {
                probe.CopyTo(entry);
                found = true;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return found;
    }

    protected bool TryLast(Span<byte> entry)
    {
        if (_count == 0)
            return false;
        Read(_count - 1, entry);
        return true;
    }

    private void Read(int index, Span<byte> entry)
    {
        if (_memory is not null)
            _memory.AsSpan(index * _entrySize, _entrySize).CopyTo(entry);
        else
            RandomAccess.Read(_file!, entry[.._entrySize], (long)index * _entrySize);
    }
}
