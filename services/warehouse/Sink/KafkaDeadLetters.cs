using System.Globalization;
using System.Text;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Dead letters as records of commerce.warehouse.sink.dlq.v1.</summary>
internal sealed class KafkaDeadLetters : IDeadLetters, IDisposable
{
    private const string Pipeline = "warehouse.sink";
    // Made on first use: a process without dead letters keeps no connections for them.
    private readonly Lazy<IProducer<byte[], byte[]>> _producer;
    private readonly AvroSerializer<DeadLetter> _serializer;
    private readonly SinkOptions _options;
    private readonly RawSealer _sealer;
    private readonly TimeProvider _clock;

    public KafkaDeadLetters(IOptions<KafkaOptions> kafka, IOptions<SinkOptions> options, ISchemaRegistryClient registry, RawSealer sealer, TimeProvider clock)
    {
        _options = options.Value;
        _sealer = sealer;
        _clock = clock;
        _producer = new Lazy<IProducer<byte[], byte[]>>(() => new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig(kafka.Value.ToClientProperties()) { Acks = Acks.All, EnableIdempotence = true, ClientId = "commerce.warehouse.dlq" })
            .SetLogHandler((_, _) => { })
            .Build());
        _serializer = new AvroSerializer<DeadLetter>(registry, new AvroSerializerConfig
        {
            AutoRegisterSchemas = false,
            UseLatestVersion = false,
            SubjectNameStrategy = SubjectNameStrategy.Topic,
        });
    }

    public async Task SendAsync(SinkRecord dead, CancellationToken cancellationToken)
    {
        var raw = dead.Raw;
        var letter = new DeadLetter
        {
            Pipeline = Pipeline,
            Reason = dead.Failure!.Reason,
            Error = dead.Failure.Error,
            Topic = raw.Topic,
            Partition = raw.Partition.Value,
            Offset = raw.Offset.Value,
            SchemaId = WireFormat.SchemaId(raw.Message.Value),
            Key = raw.Message.Key,
            Value = raw.Message.Value is { } value && value.Length <= _options.DeadLetterValueBytesMax ? _sealer.Seal(value) : null,
            Attempts = 1,
            FailedAt = _clock.GetUtcNow(),
        };
        var topic = Topics.WarehouseSinkDlq;
        var key = string.Create(CultureInfo.InvariantCulture, $"{raw.Topic}/{raw.Partition.Value}/{raw.Offset.Value}");
        var bytes = await _serializer.SerializeAsync(letter, new SerializationContext(MessageComponentType.Value, topic.Name));
        await _producer.Value.ProduceAsync(
            topic.Name, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = bytes }, cancellationToken);
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
    }
}
