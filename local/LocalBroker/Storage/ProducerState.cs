namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>What a partition remembers of one idempotent producer: enough to refuse gaps and to recognise a retry.</summary>
internal sealed class ProducerState(long producerId)
{
    /// <summary>As many batches as a producer may have in flight on one connection.</summary>
    public const int RememberedBatches = 5;

    private readonly List<ProducerBatch> _batches = new(RememberedBatches);

    public long ProducerId => producerId;

    public short Epoch { get; private set; } = -1;

    public int CoordinatorEpoch { get; private set; } = -1;

    /// <summary>The largest time in the producer's last batch, as the producer set it.</summary>
    public long LastTimestamp { get; private set; } = -1;

    /// <summary>
    /// When the last batch came, by the broker's clock in ms. Producers are forgotten by it and not by the times in their
    /// records, which may lie years back when history is replayed.
    /// </summary>
    public long LastSeen { get; private set; }

    public IReadOnlyList<ProducerBatch> Batches => _batches;

    public int LastSequence => _batches.Count > 0 ? _batches[^1].LastSequence : -1;

    /// <summary>Returns the remembered batch with these very sequence numbers, if the producer sent it before.</summary>
    public ProducerBatch? FindDuplicate(in BatchHeader header)
    {
        if (header.ProducerEpoch != Epoch)
            return null;
        foreach (var batch in _batches)
        {
            if (batch.FirstSequence == header.BaseSequence && batch.LastSequence == header.LastSequence)
                return batch;
        }

        return null;
    }

    /// <summary>Whether a batch follows what came before. A producer that the log knows nothing of may start anywhere.</summary>
    public bool IsInSequence(in BatchHeader header)
    {
        if (Epoch < 0)
            return true;
        if (header.ProducerEpoch != Epoch)
            return header.BaseSequence == 0;
        return header.BaseSequence == (int)(((long)LastSequence + 1) & int.MaxValue);
    }

    public void Appended(in BatchHeader header, long now)
    {
        LastSeen = now;
        MoveTo(header.ProducerEpoch);
        if (_batches.Count == RememberedBatches)
            _batches.RemoveAt(0);
        _batches.Add(new ProducerBatch(header.BaseSequence, header.LastSequence, header.BaseOffset, header.LastOffset));
        LastTimestamp = header.MaxTimestamp;
    }

    public void MarkerWritten(in BatchHeader header, int coordinatorEpoch, long now)
    {
        LastSeen = now;
        MoveTo(header.ProducerEpoch);
        CoordinatorEpoch = coordinatorEpoch;
        LastTimestamp = header.MaxTimestamp;
    }

    public void Restore(ProducerSnapshot snapshot)
    {
        (Epoch, CoordinatorEpoch) = (snapshot.Epoch, snapshot.CoordinatorEpoch);
        (LastTimestamp, LastSeen) = (snapshot.LastTimestamp, snapshot.LastSeen);
        _batches.AddRange(snapshot.Batches);
    }

    private void MoveTo(short epoch)
    {
        if (epoch == Epoch)
            return;
        Epoch = epoch;
        _batches.Clear();
    }
}

/// <summary>The sequence numbers of a stored batch and the offsets that it got.</summary>
internal readonly record struct ProducerBatch(int FirstSequence, int LastSequence, long FirstOffset, long LastOffset);
