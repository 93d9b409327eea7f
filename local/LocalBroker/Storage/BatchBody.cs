namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>The records of a batch without their compression.</summary>
internal static class BatchBody
{
    /// <summary>Returns the records of a whole batch; false when its codec is not known here or its bytes are damaged.</summary>
    public static bool TryUnpack(ReadOnlyMemory<byte> batch, in BatchHeader header, out ReadOnlyMemory<byte> body)
    {
        body = batch[BatchHeader.Size..];
        return header.Codec == BatchCodec.None;
    }
}
