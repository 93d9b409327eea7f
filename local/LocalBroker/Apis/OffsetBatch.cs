using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>The offsets of a commit, plain or transactional, with those sorted out that cannot be.</summary>
internal sealed class OffsetBatch
{
    /// <summary>Bytes of a committer's note, as in Kafka.</summary>
    private const int MaxMetadataLength = 4096;

    private readonly List<RequestedTopic> _topics = [];
    private readonly List<(TopicPartition At, CommittedOffset Offset)> _accepted = [];

    public IReadOnlyCollection<(TopicPartition At, CommittedOffset Offset)> Accepted => _accepted;

    public static OffsetBatch Read(ref RequestReader reader, TopicCatalog topics, bool byId, bool withEpoch, long now)
    {
        var batch = new OffsetBatch();
        for (var count = reader.Array(); count > 0; count--)
        {
            var id = byId ? reader.Uuid() : Guid.Empty;
            var name = byId ? null : reader.String();
            var topic = name is null ? topics.Find(id) : topics.Find(name);
            batch._topics.Add(new RequestedTopic(name, id, batch.ReadPartitions(ref reader, topic, byId, withEpoch, now)));
            reader.Tags();
        }

        return batch;
    }

    /// <summary>Writes one result for every partition: its own refusal, or what became of the whole.</summary>
    public void Write(ResponseWriter response, ErrorCode error)
    {
        response.Array(_topics.Count);
        foreach (var topic in _topics)
        {
            if (topic.Name is null)
                response.Uuid(topic.Id);
            else
                response.String(topic.Name);
            response.Array(topic.Partitions.Count);
            foreach (var (index, refusal) in topic.Partitions)
                response.Int32(index).Error(refusal == ErrorCode.None ? error : refusal).Tags();
            response.Tags();
        }

        response.Tags();
    }

    private List<(int Index, ErrorCode Refusal)> ReadPartitions(ref RequestReader reader, Topic? topic, bool byId, bool withEpoch, long now)
    {
        var partitions = new List<(int Index, ErrorCode Refusal)>();
        for (var count = reader.Array(); count > 0; count--)
        {
            var (index, offset) = (reader.Int32(), reader.Int64());
            var epoch = withEpoch ? reader.Int32() : -1;
            var metadata = reader.NullableString() ?? "";
            reader.Tags();
            var refusal = topic is null && byId ? ErrorCode.UnknownTopicId
                : topic?.Partition(index) is null ? ErrorCode.UnknownTopicOrPartition
                : metadata.Length > MaxMetadataLength ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None;
            partitions.Add((index, refusal));
            if (refusal == ErrorCode.None)
                _accepted.Add((new TopicPartition(topic!.Name, index), new CommittedOffset(offset, epoch, metadata, now)));
        }

        return partitions;
    }

    private sealed record RequestedTopic(string? Name, Guid Id, List<(int Index, ErrorCode Refusal)> Partitions);
}
