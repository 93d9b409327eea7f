using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>The idempotent producers that a partition knows. Used under the partition's lock.</summary>
internal sealed class ProducerTable
{
    private readonly Dictionary<long, ProducerState> _producers = [];

    /// <summary>
    /// Whether the batch may be appended. A repeated batch is no error: its first offsets are returned as
    /// <paramref name="duplicate"/>.
    /// </summary>
    public ErrorCode Check(in BatchHeader header, out ProducerBatch? duplicate)
    {
        duplicate = null;
        if (!_producers.TryGetValue(header.ProducerId, out var producer))
            return ErrorCode.None;
        if (header.ProducerEpoch < producer.Epoch)
            return ErrorCode.InvalidProducerEpoch;
        duplicate = producer.FindDuplicate(header);
        return duplicate is not null || producer.IsInSequence(header) ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
    }

    public ProducerState Get(long producerId)
    {
        if (!_producers.TryGetValue(producerId, out var producer))
            _producers[producerId] = producer = new ProducerState(producerId);
        return producer;
    }

    public IReadOnlyList<ProducerSnapshot> Snapshot() =>
    [
        .. _producers.Values.Select(p =>
            new ProducerSnapshot(p.ProducerId, p.Epoch, p.CoordinatorEpoch, p.LastTimestamp, p.LastSeen, [.. p.Batches])),
    ];

    public void Restore(IEnumerable<ProducerSnapshot> producers)
    {
        foreach (var producer in producers)
            Get(producer.ProducerId).Restore(producer);
    }

    public void Expire(long before, PartitionTransactions transactions)
    {
        foreach (var (id, producer) in _producers)
        {
            if (producer.LastSeen < before && !transactions.IsOpen(id))
                _producers.Remove(id);
        }
    }
}
