using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Commerce.Streaming.Processing.Testing;
using Confluent.Kafka;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>A transactional producer in the simulation.</summary>
internal sealed class SimTransactions(
    SimCluster cluster, string transactionalId, int partitions, string deadLetters, SimFaults faults, Action hang, TimeProvider clock, SimMutation mutation)
    : ITransactionLog
{
    private readonly int _epoch = cluster.Initialize(transactionalId);
    private readonly List<(StateStore Store, long Position)> _positions = [];
    private SimTransaction? _open;

    public void Begin()
    {
        hang();
        ThrowIfFenced();
        _positions.Clear();
        _open = cluster.Begin(transactionalId);
    }

    public void Send(in OutputRecord record)
    {
        Fail("send");
        var partition = record.Partition ?? Murmur2.PartitionOf(record.Key, partitions);
        var isOutside = mutation == SimMutation.LettersOutsideTransaction && record.Topic == deadLetters;
        cluster.Append(cluster.Partition(record.Topic, partition), record.Key, record.Value, record.Timestamp, isOutside ? null : _open);
    }

    public void SendChange(in ChangelogWrite write, bool reportPosition)
    {
        Fail("change");
        var partition = cluster.Partition(write.Store.Changelog.Name, write.Partition);
        cluster.Append(partition, write.KeyBytes, write.Value, clock.GetUtcNow(), mutation == SimMutation.StateOutsideTransaction ? null : _open);
        if (reportPosition)
            _positions.Add((write.Store, partition.Records.Count));
    }

    public void Commit(IReadOnlyList<TopicPartitionOffset> offsets, IConsumerGroupMetadata membership)
    {
        Fail("offsets");
        var member = (SimMembership)membership;
        if (mutation != SimMutation.GenerationNotChecked && !member.Member.IsValid(member))
            throw new TransactionAbortedException("illegal generation") { Cause = AbortCauses.Rebalance };
        if (mutation != SimMutation.OffsetsNotCommitted)
            _open!.Offsets = offsets.ToDictionary(offset => (offset.Topic, offset.Partition.Value), offset => offset.Offset.Value);
        Fail("commit");
        cluster.End(_open!, SimOutcome.Committed);
        _open = null;
        faults.MayCrash("committed");
        foreach (var (store, position) in _positions)
            store.ChangelogPosition = position;
    }

    public void ServeErrors()
    {
        // Its faults come with the calls.
    }

    public void Abort()
    {
        hang();
        ThrowIfFenced();
        faults.MayCrash("abort");
        if (_open is { } open)
            cluster.End(open, SimOutcome.Aborted);
        _open = null;
    }

    public void Dispose()
    {
    }

    private void Fail(string at)
    {
        hang();
        ThrowIfFenced();
        faults.MayCrash(at);
        if (faults.MayAbort())
            throw new TransactionAbortedException(at);
    }

    private void ThrowIfFenced()
    {
        if (cluster.IsFenced(transactionalId, _epoch))
            throw new TopologyFailedException("fenced") { Reason = "fenced" };
    }
}
