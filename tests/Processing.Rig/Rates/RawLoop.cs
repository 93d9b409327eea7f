using System.Diagnostics;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>The twin to beat: the shortest consume-transform-produce loop with transactions that Confluent.Kafka allows, same limits, same codec.</summary>
internal static class RawLoop
{
    private const int TransactionRecordsMax = 2_000;
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <param name="isPolledInBackground">
    /// As Confluent.Kafka does unless told otherwise. Its thread takes the delivery reports that a commit waits for, and librdkafka then
    /// looks for them every 10 ms only; our runtime turns it off.
    /// </param>
    public static TimeSpan Run(RigOptions options, string input, string output, bool isPolledInBackground)
    {
        using var registry = new CachedSchemaRegistryClient(options.SchemaRegistry);
        var reader = new AvroDeserializer<Tally>(registry);
        var writer = new AvroSerializer<Tally>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false });
        var (inputContext, outputContext) = (new SerializationContext(MessageComponentType.Value, input), new SerializationContext(MessageComponentType.Value, output));
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(options.Kafka)
        {
            GroupId = output,
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(options.Kafka)
        {
            TransactionalId = output,
            EnableBackgroundPoll = isPolledInBackground,
        }).Build();
        producer.InitTransactions(Timeout);
        consumer.Subscribe(input);
        var first = consumer.Consume(Timeout);
        var positions = new Dictionary<TopicPartition, Offset>();
        var clock = Stopwatch.StartNew();
        var began = TimeSpan.Zero;
        var inTransaction = 0;
        var elapsed = TimeSpan.Zero;
        producer.BeginTransaction();
        for (var done = 0; done < options.Records;)
        {
            var record = first ?? consumer.Consume(TimeSpan.Zero);
            first = null;
            if (record is not null)
            {
                var value = reader.DeserializeAsync(record.Message.Value, isNull: false, inputContext).GetAwaiter().GetResult();
                var bytes = writer.SerializeAsync(Tally.Of(value.Count + 1, value.Note), outputContext).GetAwaiter().GetResult();
                producer.Produce(output, new Message<byte[], byte[]> { Key = record.Message.Key, Value = bytes });
                positions[record.TopicPartition] = record.Offset + 1;
                done++;
                inTransaction++;
                elapsed = clock.Elapsed;
            }

            if (inTransaction < TransactionRecordsMax && clock.Elapsed - began < CommitInterval && done < options.Records)
                continue;
            producer.SendOffsetsToTransaction(positions.Select(each => new TopicPartitionOffset(each.Key, each.Value)), consumer.ConsumerGroupMetadata, Timeout);
            producer.CommitTransaction();
            positions.Clear();
            producer.BeginTransaction();
            (began, inTransaction) = (clock.Elapsed, 0);
        }

        return elapsed;
    }
}
