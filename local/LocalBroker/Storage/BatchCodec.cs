namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>The compression codecs of record batches by their number on the wire.</summary>
internal static class BatchCodec
{
    public const int None = 0;
    public const int Gzip = 1;
    public const int Snappy = 2;
    public const int Lz4 = 3;
    public const int Zstd = 4;
    public const int Highest = Zstd;
}
