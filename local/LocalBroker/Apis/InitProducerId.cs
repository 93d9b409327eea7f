using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Gives an idempotent producer a new id, and a transactional one the id of its transactional id with the next epoch, which
/// fences its predecessor and aborts what that left open.
/// <para>Versions 0 to 5, flexible from 2; from 3 a producer may recover by naming its id and epoch (KIP-360), from 4 it is
/// told PRODUCER_FENCED instead of INVALID_PRODUCER_EPOCH.</para>
/// <para>Not simulated: two-phase commit across systems (version 6).</para>
/// </summary>
internal sealed class InitProducerId(TransactionCoordinator transactions) : Api(ApiKey.InitProducerId, 0, 5, flexibleFrom: 2)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var id = reader.NullableString();
        var timeout = TimeSpan.FromMilliseconds(reader.Int32());
        var producerId = request.Version >= 3 ? reader.Int64() : -1;
        var epoch = request.Version >= 3 ? reader.Int16() : (short)-1;
        var grant = transactions.Initialize(id, timeout, producerId, epoch);
        var error = FencingErrors.For(grant.Error, request.Version >= 4);
        request.Response.Int32(0).Error(error).Int64(grant.ProducerId).Int16(grant.Epoch).Tags();
        return ValueTask.CompletedTask;
    }
}
