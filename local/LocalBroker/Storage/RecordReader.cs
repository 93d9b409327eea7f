namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>One record inside a batch. Null key and null value are told apart from empty ones.</summary>
internal readonly ref struct RecordView
{
    public long TimestampDelta { get; init; }

    public int OffsetDelta { get; init; }

    public bool HasKey { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public bool HasValue { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The record as it is in the batch, its length included.</summary>
    public ReadOnlySpan<byte> Raw { get; init; }
}

/// <summary>Walks the records of an uncompressed (or unpacked) batch body. It stops at the first that is not well formed.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Set when the walk ended at bytes that are no record.</summary>
    public bool Malformed { get; private set; }

    public bool TryRead(out RecordView record)
    {
        record = default;
        if (_rest.IsEmpty)
            return false;
        var start = _rest;
        if (!TryVarint(ref _rest, out var length) || length < 0 || length > _rest.Length || !TryParse(_rest[..(int)length], out record))
        {
            Malformed = true;
            return false;
        }

        _rest = _rest[(int)length..];
        record = record with { Raw = start[..(start.Length - _rest.Length)] };
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> bytes, out RecordView record)
    {
        record = default;
        if (bytes.IsEmpty)
            return false;
        bytes = bytes[1..];
        if (!TryVarint(ref bytes, out var timestampDelta) || !TryVarint(ref bytes, out var offsetDelta))
            return false;
        if (!TryBytes(ref bytes, out var key, out var hasKey) || !TryBytes(ref bytes, out var value, out var hasValue))
            return false;
        record = new RecordView
        {
            TimestampDelta = timestampDelta,
            OffsetDelta = (int)offsetDelta,
            HasKey = hasKey,
            Key = key,
            HasValue = hasValue,
            Value = value,
        };
        return true;
    }

    private static bool TryBytes(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value, out bool present)
    {
        value = default;
        present = false;
        if (!TryVarint(ref bytes, out var length) || length > bytes.Length)
            return false;
        if (length < 0)
            return true;
        present = true;
        value = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return true;
    }

    private static bool TryVarint(scoped ref ReadOnlySpan<byte> bytes, out long value)
    {
        ulong raw = 0;
        for (int i = 0, shift = 0; i < bytes.Length && shift < 70; i++, shift += 7)
        {
            raw |= (ulong)(bytes[i] & 0x7F) << shift;
            if ((bytes[i] & 0x80) != 0)
                continue;
            bytes = bytes[(i + 1)..];
            value = (long)(raw >> 1) ^ -(long)(raw & 1);
            return true;
        }

        value = 0;
        return false;
    }
}
