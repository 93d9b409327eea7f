using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>Whether everything stands still and has been read: what lies unread in a partition would be processed where its key's state no longer is.</summary>
/// <param name="sink">Null: there is no warehouse.</param>
internal sealed class Readiness(KafkaCluster kafka, IReadOnlyList<Topic> catalogue, SinkPositions? sink, RepartitionOptions options, TimeProvider clock)
{
    /// <summary>Of consumer groups.</summary>
    public const string GroupPrefix = "commerce.";

    /// <summary>Reads from PostgreSQL where it stands.</summary>
    public const string Sink = "warehouse.sink";

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>A static member leaves its group when its session ends, seconds after its process.</summary>
    /// <exception cref="RepartitionException">Somebody is still there.</exception>
    public async Task NobodyAsync(CancellationToken cancellation)
    {
        IReadOnlyList<string> busy = [];
        if (!await HoldsAsync(() => Task.FromResult((busy = kafka.BusyGroups(GroupPrefix)).Count == 0), cancellation))
            throw new RepartitionException($"consumer groups have members: {string.Join(", ", busy)}. Stop every service first");
    }

    /// <exception cref="RepartitionException">Something is written or unread.</exception>
    public async Task AllReadAsync(IReadOnlyDictionary<string, FoundTopic> found, CancellationToken cancellation)
    {
        var all = catalogue.SelectMany(topic => PartitionsOf(topic, found)).ToList();
        var open = "";
        if (!await HoldsAsync(async () => (open = await OpenAsync(all)).Length == 0, cancellation))
            throw new RepartitionException($"a transaction is open on {open}: a process was killed, and Kafka ends it in a minute, or one still runs");
        var before = await kafka.EndsAsync(all);
        await Task.Delay(TimeSpan.FromSeconds(options.QuietSeconds), clock, cancellation);
        var after = await kafka.EndsAsync(all);
        if (before.FirstOrDefault(end => after[end.Key] != end.Value) is { Key: { } moved })
            throw new RepartitionException($"{moved.Topic} is being written to. Stop every service first");
        var unread = await UnreadAsync(found, cancellation);
        if (unread.Count > 0)
            throw new RepartitionException($"not everything has been read: {string.Join("; ", unread)}. Stop ingest first, and the others when nothing lags");
    }

    public static IEnumerable<TopicPartition> PartitionsOf(Topic topic, IReadOnlyDictionary<string, FoundTopic> found) =>
        Enumerable.Range(0, found[topic.Name].Partitions).Select(partition => new TopicPartition(topic.Name, partition));

    private async Task<string> OpenAsync(List<TopicPartition> all)
    {
        var ends = await kafka.EndsAsync(all);
        var stable = await kafka.EndsAsync(all, IsolationLevel.ReadCommitted);
        return stable.FirstOrDefault(end => end.Value < ends[end.Key]).Key?.Topic ?? "";
    }

    private async Task<List<string>> UnreadAsync(IReadOnlyDictionary<string, FoundTopic> found, CancellationToken cancellation)
    {
        var unread = new List<string>();
        foreach (var reader in catalogue.SelectMany(topic => topic.Readers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var inputs = catalogue.Where(topic => topic.Readers.Contains(reader)).SelectMany(topic => PartitionsOf(topic, found)).ToList();
            foreach (var (group, positions) in await PositionsAsync(reader, inputs, cancellation))
            {
                var from = inputs.Select(input => new TopicPartitionOffset(input, positions.GetValueOrDefault(input) is var next && next > 0 ? next : RecordReading.Beginning));
                var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
                // The end of a transaction is no record: only records count.
                kafka.Read(from, record => counts[record.Topic] = counts.GetValueOrDefault(record.Topic) + 1, cancellation);
                unread.AddRange(counts.Select(topic => $"{group} has {topic.Value} records of {topic.Key} to go"));
            }
        }

        return unread;
    }

    private async Task<IReadOnlyDictionary<string, Dictionary<TopicPartition, long>>> PositionsAsync(string reader, List<TopicPartition> inputs, CancellationToken cancellation)
    {
        if (reader != Sink)
        {
            return new Dictionary<string, Dictionary<TopicPartition, long>>
            {
                [GroupPrefix + reader] = kafka.Committed(GroupPrefix + reader, inputs).ToDictionary(each => each.Key, each => each.Value.Value),
            };
        }

        if (sink is null)
            return new Dictionary<string, Dictionary<TopicPartition, long>>();
        var positions = await sink.ReadAsync(cancellation);
        return positions.Count > 0 ? positions : new Dictionary<string, Dictionary<TopicPartition, long>> { [GroupPrefix + Sink] = [] };
    }

    private async Task<bool> HoldsAsync(Func<Task<bool>> question, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (!await question())
        {
            if (clock.GetElapsedTime(started).TotalSeconds >= options.WaitSeconds)
                return false;
            await Task.Delay(LookInterval, clock, cancellation);
        }

        return true;
    }
}
