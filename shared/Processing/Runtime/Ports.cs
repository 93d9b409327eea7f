using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>The consumer as the loop sees it. All calls come from the loop's thread; callbacks arrive within <see cref="Poll"/>.</summary>
internal interface IInputSource : IDisposable
{
    /// <summary>The next record, or null when none came in time.</summary>
    InputRecord? Poll(TimeSpan wait);

    void Pause(IReadOnlyCollection<TopicPartition> partitions);

    void Resume(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>Membership that fences the transaction's offsets; null when the group has dropped us and not yet said so.</summary>
    IConsumerGroupMetadata? Membership();

    /// <summary>Leaves the group; callbacks may arrive.</summary>
    void Close();
}

/// <summary>What the group tells the loop. <see cref="Lost"/>: others may own the partitions already.</summary>
internal interface IRebalanceListener
{
    void Assigned(IReadOnlyCollection<TopicPartition> partitions);

    void Revoked(IReadOnlyCollection<TopicPartition> partitions);

    void Lost(IReadOnlyCollection<TopicPartition> partitions);
}

/// <summary>The transactional producer as the loop sees it.</summary>
internal interface ITransactionLog : IOutputSink, IDisposable
{
    void Begin();

    /// <summary>Writes state into the open transaction.</summary>
    /// <param name="reportPosition">Ask for the record's offset: set for the last of a store and partition.</param>
    void SendChange(in ChangelogWrite write, bool reportPosition);

    /// <summary>
    /// Commits outputs, state and offsets. Afterwards <see cref="StateStore.ChangelogPosition"/> of every store that was written is right.
    /// </summary>
    /// <exception cref="TransactionAbortedException">Nothing was committed; abort and do it again.</exception>
    void Commit(IReadOnlyList<TopicPartitionOffset> offsets, IConsumerGroupMetadata membership);

    void Abort();

    /// <summary>Called between transactions: hands over what the client has to say, which is nothing but errors by then.</summary>
    void ServeErrors();
}

/// <summary>Brings tasks to the end of their changelogs, off the loop's thread.</summary>
internal interface IStateRestorer
{
    Task RestoreAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken);
}

/// <summary>Shows committed state elsewhere.</summary>
internal interface IViewPublisher
{
    /// <summary>Takes what a commit changed. Bounded: when the view cannot keep up it becomes stale and is rebuilt later.</summary>
    void Publish(IReadOnlyList<ChangelogWrite> writes);

    /// <summary>Called between transactions: hands over snapshots that rebuilds have asked for.</summary>
    void ServeRebuilds(IReadOnlyDictionary<int, PartitionTask> tasks);

    /// <summary>The partition is no longer ours.</summary>
    void Forget(int partition);
}

/// <summary>The transaction cannot be committed; after an abort the same records can be processed again.</summary>
internal sealed class TransactionAbortedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="AbortCauses"/>.</summary>
    public string Cause { get; init; } = AbortCauses.Broker;
}
