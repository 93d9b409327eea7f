using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>Bounds the bytes of bodies that are worked on at once. Memory stays bounded however slow Kafka is.</summary>
internal sealed class InFlightGate(IOptions<IngestOptions> options)
{
    private readonly long _bytesMax = options.Value.InFlightBytesMax;
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Null when there is no room.</summary>
    public Lease? TryEnter(long bytes)
    {
        var lease = new Lease(this);
        return lease.TryResize(bytes) ? lease : null;
    }

    public sealed class Lease(InFlightGate gate) : IDisposable
    {
        private long _held;

        /// <summary>Holds <paramref name="bytes"/> instead; false, and nothing changed, when there is no room for more.</summary>
        public bool TryResize(long bytes)
        {
            var more = bytes - _held;
            if (Interlocked.Add(ref gate._bytes, more) > gate._bytesMax && more > 0)
            {
                Interlocked.Add(ref gate._bytes, -more);
                return false;
            }

            _held = bytes;
            return true;
        }

        public void Dispose()
        {
            Interlocked.Add(ref gate._bytes, -_held);
            _held = 0;
        }
    }
}
