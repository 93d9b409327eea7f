using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// One file of record batches and its two indexes. Written only under the lock of its partition; read by anyone who holds a
/// lease, which keeps the file open after retention or compaction has taken it out of the log.
/// </summary>
internal sealed class LogSegment
{
    private const int ScanChunk = 4 * 1024;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly OffsetIndex _offsets;
    private readonly TimeIndex _times;
    private readonly int _indexInterval;
    private long _indexedUpTo;
    private long _size;
    private int _leases = 1;
    private bool _deleteWhenFree;

    public LogSegment(string directory, long baseOffset, int indexInterval)
    {
        BaseOffset = baseOffset;
        _indexInterval = indexInterval;
        _path = PathOf(directory, baseOffset, ".log");
        _offsets = new OffsetIndex(PathOf(directory, baseOffset, ".index"));
        _times = new TimeIndex(PathOf(directory, baseOffset, ".timeindex"));
        _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _size = RandomAccess.GetLength(_file);
        if (_size > 0)
            FirstAppendTime = new DateTimeOffset(File.GetCreationTimeUtc(_file)).ToUnixTimeMilliseconds();
    }

    public long BaseOffset { get; }

    public long Size => Volatile.Read(ref _size);

    public string Path => _path;

    /// <summary>The largest record time in the segment in ms, or -1.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>The last offset of the first batch that holds <see cref="MaxTimestamp"/>.</summary>
    public long OffsetOfMaxTimestamp { get; private set; } = -1;

    /// <summary>When the first record came, by the broker's clock in ms; rolls by segment.ms count from it.</summary>
    public long FirstAppendTime { get; set; } = -1;

    /// <summary>When the file was last written; compaction hands it on, so that tombstones age over several passes.</summary>
    public DateTime LastWritten => File.GetLastWriteTimeUtc(_file);

    /// <summary><see cref="LastWritten"/> in ms since 1970.</summary>
    public long ClosedAt => new DateTimeOffset(LastWritten).ToUnixTimeMilliseconds();

    public static string PathOf(string directory, long baseOffset, string extension) =>
        System.IO.Path.Combine(directory, baseOffset.ToString("D20", CultureInfo.InvariantCulture) + extension);

    /// <summary>Opens the indexes of a segment that is complete, rebuilding them when they are missing or empty.</summary>
    public void OpenClosed()
    {
        if (_offsets.FileExists && _times.FileExists)
            OpenIndexFiles();
        if (_times.Count == 0 && Size > 0)
            RebuildIndexes();
        if (_times.TryLast(out var timestamp, out var relativeOffset))
            (MaxTimestamp, OffsetOfMaxTimestamp) = (timestamp, BaseOffset + relativeOffset);
    }

    /// <summary>Opens the segment that is written next, trusting its first <paramref name="position"/> bytes.</summary>
    public void OpenActive(long position, long nextOffset)
    {
        _offsets.LoadUpTo(position);
        _times.LoadUpTo(nextOffset - BaseOffset);
        if (_times.TryLast(out var timestamp, out var relativeOffset))
            (MaxTimestamp, OffsetOfMaxTimestamp) = (timestamp, BaseOffset + relativeOffset);
        _indexedUpTo = position;
    }

    public void Append(ReadOnlySpan<byte> batch, in BatchHeader header)
    {
        var position = _size;
        RandomAccess.Write(_file, batch, position);
        Index(header, position);
        Volatile.Write(ref _size, position + batch.Length);
    }

    /// <summary>Notes a batch that is in the file already, in its order.</summary>
    public void Index(in BatchHeader header, long position)
    {
        var relative = (int)(header.LastOffset - BaseOffset);
        if (header.MaxTimestamp > MaxTimestamp)
            (MaxTimestamp, OffsetOfMaxTimestamp) = (header.MaxTimestamp, header.LastOffset);
        if (position - _indexedUpTo < _indexInterval)
            return;
        _offsets.Add(relative, (int)position);
        if (OffsetOfMaxTimestamp >= 0)
            _times.Add(MaxTimestamp, (int)(OffsetOfMaxTimestamp - BaseOffset));
        _indexedUpTo = position;
    }

    /// <summary>Cuts the file after its last good byte.</summary>
    public void Truncate(long size)
    {
        RandomAccess.SetLength(_file, size);
        Volatile.Write(ref _size, size);
    }

    /// <summary>Writes the indexes out; called for the active segment at every checkpoint.</summary>
    public void SaveIndexes()
    {
        if (OffsetOfMaxTimestamp >= 0)
            _times.Add(MaxTimestamp, (int)(OffsetOfMaxTimestamp - BaseOffset));
        _offsets.Save();
        _times.Save();
    }

    /// <summary>Ends writing: the indexes go to their files and out of memory.</summary>
    public void Close()
    {
        SaveIndexes();
        _offsets.Close();
        _times.Close();
    }

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public int Read(Span<byte> destination, long position) => RandomAccess.Read(_file, destination, position);

    /// <summary>Finds the first batch that ends at or after <paramref name="offset"/>.</summary>
    public bool TryLocate(long offset, out long position, out BatchHeader header)
    {
        position = _offsets.Floor(offset - BaseOffset);
        foreach (var (at, found) in Headers(position))
        {
            if (found.LastOffset < offset)
                continue;
            (position, header) = (at, found);
            return true;
        }

        header = default;
        return false;
    }

    /// <summary>A position from which a search for the first record at or after <paramref name="timestamp"/> may start.</summary>
    public long FloorByTime(long timestamp) => _offsets.Floor(_times.FloorBefore(timestamp));

    /// <summary>Walks the heads of the batches from <paramref name="position"/>, the start of one.</summary>
    public IEnumerable<(long Position, BatchHeader Header)> Headers(long position)
    {
        var chunk = new byte[ScanChunk];
        long chunkStart = 0;
        var chunkLength = 0;
        while (position + BatchHeader.Size <= Size)
        {
            var within = position - chunkStart;
            if (within < 0 || within + BatchHeader.Size > chunkLength)
            {
                chunkStart = position;
                chunkLength = Read(chunk, position);
                within = 0;
                if (chunkLength < BatchHeader.Size)
                    yield break;
            }

            var header = BatchHeader.Read(chunk.AsSpan((int)within));
            if (header.TotalSize < BatchHeader.Size)
                yield break;
            yield return (position, header);
            position += header.TotalSize;
        }
    }

    /// <summary>Keeps the file readable until <see cref="Release"/>. Taken under the lock of the partition.</summary>
    public void Lease() => Interlocked.Increment(ref _leases);

    public void Release()
    {
        if (Interlocked.Decrement(ref _leases) > 0)
            return;
        _file.Dispose();
        if (_deleteWhenFree)
        {
            File.Delete(_path);
            _offsets.Delete();
            _times.Delete();
        }

        _offsets.Dispose();
        _times.Dispose();
    }

    /// <summary>Gives up the log's own lease; the files go once the last reader is done.</summary>
    public void Retire(bool delete)
    {
        _deleteWhenFree = delete;
        Release();
    }

    private void OpenIndexFiles()
    {
        _offsets.OpenClosed();
        _times.OpenClosed();
    }

    private void RebuildIndexes()
    {
        _offsets.LoadUpTo(0);
        _times.LoadUpTo(0);
        foreach (var (position, header) in Headers(0))
            Index(header, position);
        Close();
    }
}
