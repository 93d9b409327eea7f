using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Makes partitions part of a transaction before the producer writes to them. If one does not exist, none is added.
/// <para>Versions 0 to 3, flexible from 3. Versions 4 and 5 are spoken between brokers only.</para>
/// </summary>
internal sealed class AddPartitionsToTxn(TransactionCoordinator transactions, TopicCatalog topics)
    : Api(ApiKey.AddPartitionsToTxn, 0, 3, flexibleFrom: 3)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var claim = new ProducerClaim(reader.String(), reader.Int64(), reader.Int16());
        var wanted = new List<(string Topic, int[] Partitions)>();
        for (var count = reader.Array(); count > 0; count--)
        {
            wanted.Add((reader.String(), reader.Int32Array()));
            reader.Tags();
        }

        var all = wanted.SelectMany(topic => topic.Partitions.Select(index => new TopicPartition(topic.Topic, index))).ToList();
        var missing = all.Where(at => topics.Log(at.Topic, at.Partition) is null).ToHashSet();
        var error = missing.Count > 0 ? ErrorCode.OperationNotAttempted : transactions.Add(claim, all, group: null);
        error = FencingErrors.For(error, request.Version >= 2);
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var (topic, partitions) in wanted)
        {
            response.String(topic).Array(partitions.Length);
            foreach (var index in partitions)
            {
                var isMissing = missing.Contains(new TopicPartition(topic, index));
                response.Int32(index).Error(isMissing ? ErrorCode.UnknownTopicOrPartition : error).Tags();
            }

            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }
}
