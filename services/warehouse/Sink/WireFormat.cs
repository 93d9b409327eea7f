using System.Buffers.Binary;

namespace Commerce.Streaming.Warehouse.Sink;

internal static class WireFormat
{
    private const int HeaderBytes = 5;

    /// <summary>The schema id of a value in Confluent's wire format; null for anything else.</summary>
    public static int? SchemaId(byte[]? value) =>
        value is { Length: >= HeaderBytes } && value[0] == 0 ? BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1)) : null;
}
