using System.Buffers.Binary;
using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>Turns a record that cannot be processed into a dead letter. Never a payload in its error, nor a message that may hold one.</summary>
internal sealed class DeadLetterWriter
{
    private const byte WireFormatMagic = 0;
    private const int WireFormatHeaderBytes = 5;

    /// <summary>Room for everything in a dead letter but the raw value.</summary>
    private const int EnvelopeBytes = 4096;

    private readonly string _pipeline;
    private readonly Topic<DeadLetter> _topic;
    private readonly IValueSerde<DeadLetter> _serde;
    private readonly Func<byte[], byte[]>? _seal;
    private readonly TimeProvider _clock;
    private readonly int _recordBytesMax;

    public DeadLetterWriter(Topology topology, ISerdes serdes, TimeProvider clock, int recordBytesMax)
    {
        _pipeline = topology.Name;
        _topic = topology.DeadLetters!;
        _serde = serdes.For(_topic);
        _seal = topology.Seal;
        _clock = clock;
        _recordBytesMax = recordBytesMax;
    }

    public OutputRecord Of(InputRecord raw, string reason, Exception? cause, int attempts) =>
        ToRecord(new DeadLetter
        {
            Pipeline = _pipeline,
            Reason = reason,
            Error = Describe(cause),
            Topic = raw.Topic,
            Partition = raw.Partition.Value,
            Offset = raw.Offset.Value,
            SchemaId = SchemaIdOf(raw.Message.Value),
            Key = raw.Message.Key,
            Value = Seal(raw.Message.Value),
            Attempts = attempts,
            FailedAt = _clock.GetUtcNow(),
        });

    public OutputRecord Of(TimerEntry timer, string changelog, int partition, string reason, Exception? cause) =>
        ToRecord(new DeadLetter
        {
            Pipeline = _pipeline,
            Reason = reason,
            Error = timer.Name + ": " + Describe(cause),
            Topic = changelog,
            Partition = partition,
            Offset = -1,
            Key = Keys.ToBytes(timer.Key),
            Attempts = 1,
            FailedAt = _clock.GetUtcNow(),
        });

    private OutputRecord ToRecord(DeadLetter letter)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}/{letter.Partition}/{letter.Offset}");
        return new OutputRecord(_topic.Name, Partition: null, Keys.ToBytes(key), _serde.Write(letter), letter.FailedAt, Headers: null);
    }

    // A value that nearly fills a record does not fit into a dead letter; source topic, partition and offset still lead to it.
    private byte[]? Seal(byte[]? value)
    {
        if (value is null)
            return null;
        var bytes = _seal is null ? value : _seal(value);
        return bytes.Length <= _recordBytesMax - EnvelopeBytes ? bytes : null;
    }

    private static int? SchemaIdOf(byte[]? value) =>
        value is { Length: >= WireFormatHeaderBytes } && value[0] == WireFormatMagic
            ? BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1))
            : null;

    private static string Describe(Exception? cause)
    {
        if (cause is null)
            return "";
        var place = cause.TargetSite is { } method ? $" at {method.DeclaringType?.FullName}.{method.Name}" : "";
        return cause.GetType().FullName + place;
    }
}
