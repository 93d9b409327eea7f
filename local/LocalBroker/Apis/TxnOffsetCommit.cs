using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Commits offsets as part of a transaction: they are kept, and show when the transaction commits.
/// <para>Versions 0 to 4, flexible from 3; from 2 leader epochs, from 3 the consumer's member id and generation, so that a
/// member that has lost its partitions cannot commit for them (KIP-447).</para>
/// <para>Not simulated: transactions of protocol 2 (version 5), which add the group by themselves.</para>
/// </summary>
internal sealed class TxnOffsetCommit(TransactionCoordinator transactions, GroupCoordinator groups, TopicCatalog topics)
    : Api(ApiKey.TxnOffsetCommit, 0, 4, flexibleFrom: 3)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var (transactionalId, group) = (reader.String(), reader.String());
        var claim = new ProducerClaim(transactionalId, reader.Int64(), reader.Int16());
        var member = new MemberClaim("", null, -1);
        if (version >= 3)
        {
            var generation = reader.Int32();
            member = new MemberClaim(reader.String(), reader.NullableString(), generation);
        }

        var batch = OffsetBatch.Read(ref reader, topics, byId: false, withEpoch: version >= 2, groups.Now());
        var error = transactions.HoldOffsets(claim, group, member, batch.Accepted);
        batch.Write(request.Response.Int32(0), error);
        return ValueTask.CompletedTask;
    }
}
