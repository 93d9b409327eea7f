using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.State;
using Streamiz.Kafka.Net.Table;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>The same keyed count by Streamiz.Kafka.Net, exactly once, with state in memory and the same commit interval and codec.</summary>
internal sealed class StreamizContender(RigOptions options)
{
    private const int CommitIntervalMs = 100;
    private readonly RecordClock _clock = new(options.Records);

    public async Task<TimeSpan> RunAsync(string input, string output)
    {
        using var registry = new CachedSchemaRegistryClient(options.SchemaRegistry);
        var config = new StreamConfig<StringSerDes, StringSerDes>
        {
            ApplicationId = output,
            BootstrapServers = options.Bootstrap,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            Guarantee = ProcessingGuarantee.EXACTLY_ONCE,
            CommitIntervalMs = CommitIntervalMs,
            NumStreamThreads = 1,
            StateDir = Path.Combine(Path.GetTempPath(), output),
            Logger = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
        };
        var values = new TallySerDes(registry);
        var builder = new StreamBuilder();
        builder.Stream<string, Tally>(input, new StringSerDes(), values)
            .GroupByKey()
            .Aggregate(
                () => Tally.Of(0),
                (_, _, tally) =>
                {
                    _clock.Saw();
                    return Tally.Of(tally.Count + 1);
                },
                InMemory.As<string, Tally>("counts").WithKeySerdes(new StringSerDes()).WithValueSerdes(values))
            .ToStream()
            .To(output, new StringSerDes(), values);
        using var stream = new KafkaStream(builder.Build(), config);
        await stream.StartAsync();
        await _clock.Done;
        return _clock.Elapsed;
    }

    /// <summary>Confluent's Avro serdes, as the others use them.</summary>
    private sealed class TallySerDes(ISchemaRegistryClient registry) : AbstractSerDes<Tally>
    {
        private readonly AvroSerializer<Tally> _writer = new(registry, new AvroSerializerConfig { AutoRegisterSchemas = true });
        private readonly AvroDeserializer<Tally> _reader = new(registry);

        public override Tally Deserialize(byte[] data, SerializationContext context) =>
            data is null ? null! : _reader.DeserializeAsync(data, isNull: false, context).GetAwaiter().GetResult();

        public override byte[] Serialize(Tally data, SerializationContext context) =>
            data is null ? null! : _writer.SerializeAsync(data, context).GetAwaiter().GetResult();
    }
}
