namespace Commerce.Streaming.LocalBroker.Storage.Compaction;

/// <summary>The aborted transactions of a log, by producer.</summary>
internal sealed class AbortedRanges(IEnumerable<AbortedTransaction> aborted)
{
    private readonly ILookup<long, AbortedTransaction> _byProducer = aborted.ToLookup(transaction => transaction.ProducerId);

    public bool Covers(in BatchHeader header)
    {
        foreach (var transaction in _byProducer[header.ProducerId])
        {
            if (header.BaseOffset >= transaction.FirstOffset && header.BaseOffset < transaction.LastOffset)
                return true;
        }

        return false;
    }
}
