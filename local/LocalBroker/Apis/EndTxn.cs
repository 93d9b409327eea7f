using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Commits or aborts a transaction. When the answer comes, the markers are in every partition and the offsets show: the
/// next transaction never has to wait.
/// <para>Versions 0 to 4, flexible from 3.</para>
/// <para>Not simulated: a new epoch for every transaction (version 5, protocol 2).</para>
/// </summary>
internal sealed class EndTxn(TransactionCoordinator transactions) : Api(ApiKey.EndTxn, 0, 4, flexibleFrom: 3)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var claim = new ProducerClaim(reader.String(), reader.Int64(), reader.Int16());
        var error = transactions.End(claim, commit: reader.Bool());
        request.Response.Int32(0).Error(FencingErrors.For(error, request.Version >= 2)).Tags();
        return ValueTask.CompletedTask;
    }
}
