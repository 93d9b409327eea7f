using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.CompactedTopics;

/// <summary>
/// Asks Kafka where partitions end, on a connection of its own: a broker answers one connection's requests in turn, so that the reader's
/// would wait behind its long poll, and everything that waits for the reader with it.
/// </summary>
internal sealed class TopicEnds(KafkaOptions kafka, Action<string> log) : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    private readonly IAdminClient _admin = new AdminClientBuilder(kafka.ToClientProperties())
        .SetLogHandler((_, message) => log(message.Message))
        .SetErrorHandler((_, error) => log(error.Reason))
        .Build();

    /// <summary>By partition, the offset after the last record that is committed.</summary>
    /// <exception cref="KafkaException">Kafka does not answer, or not for all partitions.</exception>
    public async Task<IReadOnlyDictionary<int, long>> AskAsync(IEnumerable<TopicPartition> partitions)
    {
        var found = await _admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadCommitted, RequestTimeout = AnswerMax });
        return found.ResultInfos
            .Select(info => info.TopicPartitionOffsetError)
            .ToDictionary(end => end.Partition.Value, end => end.Offset.Value);
    }

    public void Dispose() => _admin.Dispose();
}
