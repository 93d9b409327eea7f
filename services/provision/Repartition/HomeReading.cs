using Avro.Specific;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>Gives a topic's entries their homes, with what must be read for it: timers' keys, and the letters of lines.</summary>
internal sealed class HomeReading(TopicCopy copy, KafkaCluster kafka, ISchemaRegistryClient registry, IReadOnlyList<Topic> catalogue)
{
    private const string ParkedSuffix = ".parked.changelog.v1";
    private const string LettersSuffix = ".dlq.v1";

    public EntryHomes Of(Topic topic, int from, int to, CancellationToken cancellation)
    {
        var parked = Decoder<ParkedKey>(topic.Name);
        var lines = topic.Home!.Rule == HomeRule.Letter ? Lines(topic, parked, from, to, cancellation) : null;
        return new EntryHomes(topic.Home, from, to, Decoder<TimerEntry>(topic.Name), parked, line => lines?.GetValueOrDefault(line));
    }

    /// <summary>Of the lines that are there, the partitions to which the keys of the letters that still wait go.</summary>
    private Dictionary<string, SortedSet<int>> Lines(Topic topic, Func<byte[], ParkedKey> parked, int from, int to, CancellationToken cancellation)
    {
        var waiting = new Dictionary<string, long>(StringComparer.Ordinal);
        copy.EachLive(topic.Name, from, record =>
        {
            var line = parked(record.Message.Value!);
            waiting[line.Line] = line.Next;
        }, cancellation);
        var homes = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        if (waiting.Count == 0)
            return homes;
        var letters = catalogue.Single(each => each.Name == topic.Name.Replace(ParkedSuffix, LettersSuffix, StringComparison.Ordinal)).Name;
        var decode = Decoder<DeadLetter>(letters);
        var partitions = kafka.Topics()[letters].Partitions;
        kafka.Read(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(letters, partition, RecordReading.Beginning)), record =>
        {
            if (record.Message.Value is not { } value || decode(value) is not { Line: { } line, Key: { } key } letter)
                return;
            if (!waiting.TryGetValue(line, out var next) || letter.Number < next)
                return;
            if (!homes.TryGetValue(line, out var known))
                homes[line] = known = [];
            known.Add(Murmur2.PartitionOf(key, to));
        }, cancellation);
        return homes;
    }

    private Func<byte[], T> Decoder<T>(string topic)
        where T : class, ISpecificRecord
    {
        var deserializer = new AvroDeserializer<T>(registry).AsSyncOverAsync();
        return bytes => deserializer.Deserialize(bytes, isNull: false, new SerializationContext(MessageComponentType.Value, topic));
    }
}
