using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// The state of transactional ids: owner, status, since when, and the partitions of an open transaction.
/// <para>Version 0, flexible.</para>
/// </summary>
internal sealed class DescribeTransactions(TransactionCoordinator transactions) : Api(ApiKey.DescribeTransactions, 0, 0, flexibleFrom: 0)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var wanted = request.Reader().StringArray();
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var id in wanted)
        {
            if (transactions.Find(id) is { } transaction)
                Write(response, transaction);
            else
                response.Error(ErrorCode.TransactionalIdNotFound).String(id).String("").Int32(0).Int64(0).Int64(0).Int16(0).Array(0).Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static void Write(ResponseWriter response, Transaction transaction)
    {
        lock (transaction.Sync)
        {
            var isOpen = transaction.Status == TransactionStatus.Ongoing || transaction.IsEnding;
            response.Error(ErrorCode.None).String(transaction.Id).String(transaction.Status.ToString());
            response.Int32((int)transaction.Timeout.TotalMilliseconds).Int64(isOpen ? transaction.StartedAt.ToUnixTimeMilliseconds() : -1);
            response.Int64(transaction.ProducerId).Int16(transaction.Epoch);
            var topics = transaction.Partitions.GroupBy(at => at.Topic).ToList();
            response.Array(topics.Count);
            foreach (var topic in topics)
                response.String(topic.Key).Int32Array([.. topic.Select(at => at.Partition).Order()]).Tags();
            response.Tags();
        }
    }
}
