using Confluent.Kafka;

namespace Commerce.Streaming.Verification.Drain;

/// <summary>
/// Offsets that groups have committed to Kafka, asked for as a member would: librdkafka's administrative call for them
/// (ListConsumerGroupOffsets) crashes the process when a freshly started broker answers that its coordinator is still loading.
/// </summary>
internal sealed class CommittedOffsets(IReadOnlyDictionary<string, string> kafka) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    /// <summary>One for each group; they subscribe to nothing, so they never join it.</summary>
    private readonly Dictionary<string, IConsumer<Ignore, Ignore>> _askers = new(StringComparer.Ordinal);

    /// <summary>The next offset of each partition that has one.</summary>
    /// <exception cref="KafkaException">The coordinator was not ready, or not reachable, for longer than <see cref="Patience"/> lasts.</exception>
    public async Task<Dictionary<TopicPartition, long>> OfAsync(string group, IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
    {
        if (!_askers.TryGetValue(group, out var asker))
            _askers[group] = asker = Asker(group);
        var offsets = await Patience.RetryAsync(() => Task.FromResult(asker.Committed(partitions, RequestTimeout)), cancellation);
        return offsets
            .Where(partition => partition.Offset.Value >= 0)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value);
    }

    public void Dispose()
    {
        foreach (var asker in _askers.Values)
        {
            asker.Close();
            asker.Dispose();
        }
    }

    // What a transaction has not committed yet does not count: the former offset is answered at once.
    private IConsumer<Ignore, Ignore> Asker(string group) =>
        new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(kafka.ToDictionary())
        {
            GroupId = group,
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadUncommitted,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
}
