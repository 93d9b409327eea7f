namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>Reads a closed segment batch by batch into a buffer of its own.</summary>
internal sealed class SegmentReader(LogSegment segment)
{
    private byte[] _buffer = new byte[64 * 1024];
    private long _position;

    /// <summary>The next batch; its bytes are valid until the next call.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> batch, out BatchHeader header)
    {
        batch = default;
        header = default;
        if (segment.Size - _position < BatchHeader.Size || segment.Read(_buffer.AsSpan(0, BatchHeader.Size), _position) < BatchHeader.Size)
            return false;
        header = BatchHeader.Read(_buffer);
        if (header.TotalSize < BatchHeader.Size || header.TotalSize > segment.Size - _position)
            return false;
        if (header.TotalSize > _buffer.Length)
            _buffer = new byte[header.TotalSize];
        var bytes = _buffer.AsMemory(0, header.TotalSize);
        if (segment.Read(bytes.Span, _position) < bytes.Length)
            return false;
        _position += bytes.Length;
        batch = bytes;
        return true;
    }
}
