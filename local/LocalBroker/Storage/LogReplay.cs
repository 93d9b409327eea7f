namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>What a stored batch means for producers and transactions: the same at append and at recovery.</summary>
internal static class LogReplay
{
    public static void Apply(ReadOnlySpan<byte> batch, in BatchHeader header, BatchPlace place, LogState state)
    {
        var (producers, transactions) = (state.Producers, state.Transactions);
        if (!header.HasProducer)
            return;
        if (header.IsControl)
        {
            if (!ControlBatch.TryRead(batch, out var commit, out var coordinatorEpoch))
                return;
            producers.Get(header.ProducerId).MarkerWritten(header, coordinatorEpoch, state.Now);
            transactions.End(header.ProducerId, header.BaseOffset, commit);
            return;
        }

        producers.Get(header.ProducerId).Appended(header, state.Now);
        if (header.IsTransactional && !transactions.IsOpen(header.ProducerId))
            transactions.Begin(new OpenTransaction(header.ProducerId, header.BaseOffset, place.SegmentBase, place.Position));
    }
}
