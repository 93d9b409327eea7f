using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.FetchWatch;

/// <summary>
/// Asks Kafka where partitions end, by a client that fetches nothing: a broker answers one connection's requests in turn, so that a
/// consumer's own question would wait behind its long poll, and what a consumer remembers of ends is only as new as its last fetch.
/// </summary>
public sealed class TopicEnds(IAdminClient admin) : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>A client of its own.</summary>
    /// <param name="client">Properties of librdkafka.</param>
    /// <param name="log">Told what the client has to say.</param>
    public static TopicEnds Of(IEnumerable<KeyValuePair<string, string>> client, Action<string> log) =>
        new(new AdminClientBuilder(client)
            .SetLogHandler((_, message) => log(message.Message))
            .SetErrorHandler((_, error) => log(error.Reason))
            .Build());

    /// <summary>By partition, the offset after the last record that is committed.</summary>
    /// <exception cref="KafkaException">Kafka does not answer, or not for all partitions.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> AskAsync(IEnumerable<TopicPartition> partitions)
    {
        var found = await admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadCommitted, RequestTimeout = AnswerMax });
        return found.ResultInfos
            .Select(info => info.TopicPartitionOffsetError)
            .ToDictionary(end => end.TopicPartition, end => end.Offset.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => admin.Dispose();
}
