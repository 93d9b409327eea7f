using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Appends one record batch to each named partition. Batches are stored as received, whatever their codec; the checksum,
/// the size and the producer's sequence numbers are checked. A repeated batch of an idempotent producer is answered with
/// the offset it got the first time. Batches of a transaction are taken only while the partition is part of it.
/// <para>Versions 3 to 13, flexible from 9, topics by id from 13. Versions 0 to 2 are announced, because librdkafka takes
/// their absence for a broker without compression, but not served. acks=1 and acks=all mean the same on one node; acks=0
/// is not answered.</para>
/// <para>Not simulated: quotas; records inside a batch are looked at only in compacted topics, which need keys.</para>
/// </summary>
internal sealed class Produce(TopicCatalog topics, TopicCreation creation, TransactionCoordinator transactions, Durability durability)
    : Api(ApiKey.Produce, 3, 13, flexibleFrom: 9)
{
    private const short NoAcks = 0;
    private const short AllAcks = -1;

    public override short AdvertisedMinVersion => 0;

    public override async ValueTask HandleAsync(RequestContext request)
    {
        var touched = durability.IsEachWrite ? new List<PartitionLog>() : null;
        AppendAll(request, touched);
        if (touched is not null)
            await durability.FlushAsync(touched, request.Stopping);
    }

    private void AppendAll(RequestContext request, List<PartitionLog>? touched)
    {
        var version = request.Version;
        var reader = request.Reader();
        var transactionalId = reader.NullableString();
        var acks = reader.Int16();
        reader.Int32();
        request.IsOneWay = acks == NoAcks;
        var acksRefusal = acks is NoAcks or 1 or AllAcks ? ErrorCode.None : ErrorCode.InvalidRequiredAcks;
        var topicCount = reader.Array();
        var response = request.Response.Array(topicCount);
        for (var t = 0; t < topicCount; t++)
        {
            var topic = ReadTopic(ref reader, response, version, out var missing);
            var partitions = reader.Array();
            response.Array(partitions);
            for (var p = 0; p < partitions; p++)
            {
                var index = reader.Int32();
                var records = reader.Records() ?? ReadOnlyMemory<byte>.Empty;
                reader.Tags();
                var log = topic?.Partition(index);
                var outcome = acksRefusal != ErrorCode.None ? AppendOutcome.Refused(acksRefusal)
                    : log is null ? AppendOutcome.Refused(topic is null ? missing : ErrorCode.UnknownTopicOrPartition)
                    : Append(log, records, transactionalId);
                if (log is not null)
                    touched?.Add(log);
                Write(response, version, index, outcome);
            }

            reader.Tags();
            response.Tags();
        }

        response.Int32(0).Tags();
    }

    private Topic? ReadTopic(ref RequestReader reader, ResponseWriter response, short version, out ErrorCode missing)
    {
        if (version >= 13)
        {
            var id = reader.Uuid();
            response.Uuid(id);
            missing = ErrorCode.UnknownTopicId;
            return topics.Find(id);
        }

        var name = reader.String();
        response.String(name);
        missing = TopicName.Reject(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic;
        return creation.OnDemand(name);
    }

    private AppendOutcome Append(PartitionLog log, ReadOnlyMemory<byte> records, string? transactionalId)
    {
        var refusal = BatchCheck.Check(records.Span, log.Config, log.Now, out var header);
        if (refusal != ErrorCode.None)
            return AppendOutcome.Refused(refusal, log.StartOffset);
        return header.IsTransactional ? transactions.Append(transactionalId, log, records, header) : log.Append(records, header);
    }

    private static void Write(ResponseWriter response, short version, int index, in AppendOutcome outcome)
    {
        response.Int32(index).Error(outcome.Error).Int64(outcome.BaseOffset).Int64(outcome.LogAppendTime);
        if (version >= 5)
            response.Int64(outcome.StartOffset);
        if (version >= 8)
            response.Array(0).String(null);
        response.Tags();
    }
}
