using System.Buffers.Binary;
using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>Turns a record that cannot be processed into a dead letter. Never a payload in its error, nor a message that may hold one.</summary>
internal sealed class DeadLetterWriter
{
    private const byte WireFormatMagic = 0;
    private const int WireFormatHeaderBytes = 5;

    /// <summary>Room for everything in a dead letter but the raw value.</summary>
    private const int EnvelopeBytes = 4096;

    /// <summary>Headers of a record beyond this are not kept, but for the trace's.</summary>
    private const int HeaderBytesMax = 16 * 1024;

    private readonly string _pipeline;
    private readonly Topic<DeadLetter> _topic;
    private readonly IValueSerde<DeadLetter> _serde;
    private readonly Sealing? _sealing;
    private readonly TimeProvider _clock;
    private readonly int _recordBytesMax;

    public DeadLetterWriter(Topology topology, ISerdes serdes, TimeProvider clock, int recordBytesMax)
    {
        _pipeline = topology.Name;
        _topic = topology.DeadLetters!;
        _serde = serdes.For(_topic);
        _sealing = topology.Sealing;
        _clock = clock;
        _recordBytesMax = recordBytesMax;
    }

    public OutputRecord Of(Letter letter, int attempts)
    {
        var (message, place) = (letter.Record.Message, letter.Record.TopicPartitionOffset);
        var value = letter.SealedValue ?? Seal(message.Value);
        return ToRecord(
            new DeadLetter
            {
                Pipeline = _pipeline,
                Reason = letter.Reason,
                Error = Describe(letter.Cause),
                Topic = place.Topic,
                Partition = place.Partition.Value,
                Offset = place.Offset.Value,
                SchemaId = SchemaIdOf(message.Value),
                Key = message.Key,
                Value = value,
                Attempts = letter.IsTried ? letter.EarlierAttempts + attempts : 0,
                FailedAt = _clock.GetUtcNow(),
                Timestamp = message.Timestamp.Type == TimestampType.NotAvailable ? null : DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp.UnixTimestampMs),
                ValueOmitted = value is null && message.Value is not null,
                Line = letter.Line,
                Number = letter.Number,
            },
            Kept(message.Headers));
    }

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
        }, headers: null);

    private OutputRecord ToRecord(DeadLetter letter, Headers? headers)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}/{letter.Partition}/{letter.Offset}");
        return new OutputRecord(_topic.Name, Partition: null, Keys.ToBytes(key), _serde.Write(letter), letter.FailedAt, headers);
    }

    // A value that nearly fills a record does not fit into a dead letter; source topic, partition and offset still lead to it.
    private byte[]? Seal(byte[]? value)
    {
        if (value is null)
            return null;
        var bytes = _sealing is null ? value : _sealing.Seal(value);
        return bytes.Length <= _recordBytesMax - EnvelopeBytes ? bytes : null;
    }

    // A retry runs with the record's own headers, the trace's among them.
    private static Headers? Kept(Headers? headers)
    {
        if (headers is not { Count: > 0 })
            return null;
        var isSmall = headers.Sum(header => header.Key.Length + (header.GetValueBytes()?.Length ?? 0)) <= HeaderBytesMax;
        var kept = new Headers();
        foreach (var header in headers.Where(header => isSmall || header.Key is MessagingNames.TraceParent or MessagingNames.TraceState))
            kept.Add(header.Key, header.GetValueBytes());
        return kept;
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
