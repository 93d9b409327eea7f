namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>Brokers in memory: topics, transactions with late markers, the offsets of one group.</summary>
internal sealed class SimCluster(Random random, SimTrace trace, SimMutation mutation)
{
    private readonly Dictionary<(string Topic, int Partition), SimPartition> _partitions = [];
    private readonly Dictionary<(string Topic, int Partition), long> _offsets = [];
    private readonly List<SimTransaction> _unsettled = [];
    private readonly Dictionary<string, int> _epochs = new(StringComparer.Ordinal);

    public SimPartition Partition(string topic, int number)
    {
        if (!_partitions.TryGetValue((topic, number), out var partition))
            _partitions[(topic, number)] = partition = new SimPartition(topic, number);
        return partition;
    }

    /// <summary>What a consumer is given.</summary>
    public bool IsVisible(SimRecord record) =>
        mutation == SimMutation.ReadUncommitted ? !record.IsMarker : SimPartition.IsCommitted(record);

    public long CommittedOffset(string topic, int partition) => _offsets.GetValueOrDefault((topic, partition));

    /// <summary>No transaction may still change the offset.</summary>
    public bool IsStable(string topic, int partition) =>
        !_unsettled.Exists(transaction => transaction.Offsets?.ContainsKey((topic, partition)) == true);

    /// <summary>A producer of this name starts: what its predecessor left open is aborted, and the predecessor fenced.</summary>
    public int Initialize(string transactionalId)
    {
        AbortOpen(transactionalId);
        SettleAll(transactionalId);
        return _epochs[transactionalId] = _epochs.GetValueOrDefault(transactionalId) + 1;
    }

    public bool IsFenced(string transactionalId, int epoch) => _epochs[transactionalId] != epoch;

    public SimTransaction Begin(string transactionalId)
    {
        // The coordinator takes no new transaction while the former one's markers are under way.
        SettleAll(transactionalId);
        var transaction = new SimTransaction(transactionalId);
        _unsettled.Add(transaction);
        return transaction;
    }

    public void Append(SimPartition partition, byte[]? key, byte[]? value, DateTimeOffset timestamp, SimTransaction? transaction)
    {
        trace.Add("append", partition.Topic, (partition.Number * 1_000_000L) + partition.Records.Count);
        transaction?.Unresolved.Add(partition);
        partition.Records.Add(new SimRecord(key, value, timestamp, transaction));
    }

    public void End(SimTransaction transaction, SimOutcome outcome)
    {
        trace.Add(outcome == SimOutcome.Committed ? "commit" : "abort", transaction.TransactionalId, transaction.Offsets?.Count ?? 0);
        transaction.Decide(outcome);
        if (outcome == SimOutcome.Aborted)
            transaction.Offsets = null;
    }

    /// <summary>The coordinator gives a silent producer up: abort and fence.</summary>
    public void TimeOut(string transactionalId)
    {
        if (AbortOpen(transactionalId))
            _epochs[transactionalId]++;
    }

    /// <summary>One marker arrives somewhere.</summary>
    public void SettleSome()
    {
        var decided = _unsettled.Where(transaction => transaction.Outcome != SimOutcome.Open).ToList();
        if (decided.Count > 0)
            Settle(decided[random.Next(decided.Count)]);
    }

    public void SettleAll(string? transactionalId = null)
    {
        foreach (var transaction in _unsettled.Where(each => transactionalId is null || each.TransactionalId == transactionalId).ToList())
        {
            while (transaction.Outcome != SimOutcome.Open && !transaction.IsSettled)
                Settle(transaction);
            if (transaction.IsSettled)
                _unsettled.Remove(transaction);
        }
    }

    private bool AbortOpen(string transactionalId)
    {
        var open = _unsettled.FindAll(transaction => transaction.TransactionalId == transactionalId && transaction.Outcome == SimOutcome.Open);
        open.ForEach(transaction => End(transaction, SimOutcome.Aborted));
        return open.Count > 0;
    }

    private void Settle(SimTransaction transaction)
    {
        var choice = random.Next(transaction.Unresolved.Count + (transaction.Offsets is null ? 0 : 1));
        if (choice < transaction.Unresolved.Count)
        {
            var partition = transaction.Unresolved.ElementAt(choice);
            transaction.Unresolved.Remove(partition);
            partition.Records.Add(new SimRecord(null, null, default, null, IsMarker: true));
        }
        else if (transaction.Offsets is { } offsets)
        {
            foreach (var (partition, next) in offsets)
                _offsets[partition] = next;
            transaction.Offsets = null;
        }

        if (transaction.IsSettled)
            _unsettled.Remove(transaction);
    }
}
