using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Makes the offsets of a group part of a transaction.
/// <para>Versions 0 to 4, flexible from 3.</para>
/// </summary>
internal sealed class AddOffsetsToTxn(TransactionCoordinator transactions) : Api(ApiKey.AddOffsetsToTxn, 0, 4, flexibleFrom: 3)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var claim = new ProducerClaim(reader.String(), reader.Int64(), reader.Int16());
        var group = reader.String();
        var error = group.Length == 0 ? ErrorCode.InvalidGroupId : transactions.Add(claim, [], group);
        request.Response.Int32(0).Error(FencingErrors.For(error, request.Version >= 2)).Tags();
        return ValueTask.CompletedTask;
    }
}
