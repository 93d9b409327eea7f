namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>A range of a segment file that a response will send; it keeps the segment readable until disposed.</summary>
internal sealed class LogSlice(LogSegment segment, long position, int length) : IDisposable
{
    private bool _disposed;

    public int Length => length;

    /// <summary>Takes a lease on the segment; called under the partition's lock.</summary>
    public static LogSlice Of(LogSegment segment, long position, int length)
    {
        segment.Lease();
        return new LogSlice(segment, position, length);
    }

    /// <summary>Reads bytes of the slice from <paramref name="from"/>; returns how many, less than asked only at a fault.</summary>
    public int Read(Span<byte> destination, int from) => segment.Read(destination, position + from);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        segment.Release();
    }
}
