using System.Collections.Concurrent;
using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.State;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Transactions;

/// <summary>
/// Producer ids, epochs and the two-phase end of transactions: the decision is made durable, then markers go to every
/// partition, then offsets and the end become durable as one. What a crash interrupts is finished at the next start.
/// Locks nest in one order only: transaction, then group, then log, then state store.
/// </summary>
internal sealed class TransactionCoordinator
{
    private const string Prefix = "transaction\0";

    /// <summary>There is one coordinator for ever; markers carry its epoch.</summary>
    private const int CoordinatorEpoch = 0;

    /// <summary>How long a transactional id is remembered without a transaction, as in Kafka.</summary>
    private static readonly TimeSpan IdLifetime = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, Transaction> _transactions = new(StringComparer.Ordinal);
    private readonly StateStore _store;
    private readonly TopicCatalog _topics;
    private readonly GroupCoordinator _groups;
    private readonly ProducerIds _producerIds;
    private readonly LocalBrokerOptions _options;

    public TransactionCoordinator(StateStore store, TopicCatalog topics, GroupCoordinator groups, LocalBrokerOptions options)
    {
        (_store, _topics, _groups, _options) = (store, topics, groups, options);
        _producerIds = new ProducerIds(store);
        foreach (var (key, value) in store.WithPrefix(Prefix))
        {
            var transaction = Transaction.FromBytes(key[Prefix.Length..], value);
            _transactions[transaction.Id] = transaction;
            if (transaction.IsEnding)
                Finish(transaction);
        }
    }

    public IEnumerable<Transaction> All => _transactions.Values;

    public Transaction? Find(string id) => _transactions.GetValueOrDefault(id);

    /// <summary>
    /// Gives a producer its id. For a transactional id this fences whoever used it before: an open transaction is aborted
    /// and the epoch moves. A producer that names its present id and epoch recovers itself (KIP-360).
    /// </summary>
    public ProducerGrant Initialize(string? id, TimeSpan timeout, long producerId, short epoch)
    {
        if (id is null)
            return new ProducerGrant(ErrorCode.None, _producerIds.Next(), 0);
        if (id.Length == 0)
            return ProducerGrant.Refused(ErrorCode.InvalidRequest);
        if (timeout <= TimeSpan.Zero || timeout > _options.MaxTransactionTimeout)
            return ProducerGrant.Refused(ErrorCode.InvalidTransactionTimeout);
        var transaction = _transactions.GetOrAdd(id, key => new Transaction(key));
        lock (transaction.Sync)
        {
            if (transaction.IsForgotten)
                return ProducerGrant.Refused(ErrorCode.ConcurrentTransactions);
            var recovers = producerId >= 0 && transaction.ProducerId >= 0;
            if (recovers && producerId == transaction.ProducerId && epoch == transaction.RecoveredFrom)
                return new ProducerGrant(ErrorCode.None, transaction.ProducerId, transaction.Epoch);
            if (recovers && (producerId != transaction.ProducerId || epoch != transaction.Epoch))
                return ProducerGrant.Refused(ErrorCode.ProducerFenced);
            if (transaction.IsEnding)
                return ProducerGrant.Refused(ErrorCode.ConcurrentTransactions);
            if (transaction.Status == TransactionStatus.Ongoing)
                Fence(transaction);
            Bump(transaction);
            transaction.RecoveredFrom = recovers ? epoch : (short)-1;
            transaction.Status = TransactionStatus.Empty;
            transaction.Timeout = timeout;
            Save(transaction);
            return new ProducerGrant(ErrorCode.None, transaction.ProducerId, transaction.Epoch);
        }
    }

    /// <summary>Makes partitions, or the offsets of a group, part of the transaction, which begins if none is open.</summary>
    public ErrorCode Add(ProducerClaim claim, IReadOnlyCollection<TopicPartition> partitions, string? group) => With(claim, transaction =>
    {
        if (transaction.IsEnding)
            return ErrorCode.ConcurrentTransactions;
        var began = transaction.Status != TransactionStatus.Ongoing;
        if (began)
        {
            transaction.Status = TransactionStatus.Ongoing;
            transaction.StartedAt = _options.Clock.GetUtcNow();
        }

        var before = transaction.Partitions.Count + transaction.Groups.Count;
        transaction.Partitions.UnionWith(partitions);
        if (group is not null)
            transaction.Groups.Add(group);
        if (began || transaction.Partitions.Count + transaction.Groups.Count > before)
            Save(transaction);
        return ErrorCode.None;
    });

    /// <summary>Appends a batch while the transaction that it belongs to cannot end.</summary>
    public AppendOutcome Append(string? id, PartitionLog log, ReadOnlyMemory<byte> batch, in BatchHeader header)
    {
        if (id is null || !_transactions.TryGetValue(id, out var transaction))
            return AppendOutcome.Refused(ErrorCode.InvalidTxnState, log.StartOffset);
        lock (transaction.Sync)
        {
            if (header.ProducerId != transaction.ProducerId)
                return AppendOutcome.Refused(ErrorCode.InvalidProducerIdMapping, log.StartOffset);
            if (header.ProducerEpoch != transaction.Epoch)
                return AppendOutcome.Refused(ErrorCode.InvalidProducerEpoch, log.StartOffset);
            var isPart = transaction.Partitions.Contains(new TopicPartition(log.Topic, log.Partition));
            if (transaction.Status != TransactionStatus.Ongoing || !isPart)
                return AppendOutcome.Refused(ErrorCode.InvalidTxnState, log.StartOffset);
            return log.Append(batch, header);
        }
    }

    /// <summary>Keeps offsets aside in the group until the transaction ends.</summary>
    public ErrorCode HoldOffsets(
        ProducerClaim claim, string group, MemberClaim member, IReadOnlyCollection<(TopicPartition At, CommittedOffset Offset)> offsets)
    {
        var error = With(claim, transaction =>
            transaction.Status == TransactionStatus.Ongoing && transaction.Groups.Contains(group)
                ? _groups.Hold(group, member, claim.ProducerId, offsets)
                : ErrorCode.InvalidTxnState);
        return error == ErrorCode.ProducerFenced ? ErrorCode.InvalidProducerEpoch : error;
    }

    /// <summary>Commits or aborts. Asking again for the same end is answered with success.</summary>
    public ErrorCode End(ProducerClaim claim, bool commit) => With(claim, transaction =>
    {
        switch (transaction.Status)
        {
            case TransactionStatus.Ongoing:
                Finish(transaction, commit);
                return ErrorCode.None;
            case TransactionStatus.CompleteCommit when commit:
            case TransactionStatus.CompleteAbort when !commit:
                return ErrorCode.None;
            case TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort:
                return ErrorCode.ConcurrentTransactions;
            default:
                return ErrorCode.InvalidTxnState;
        }
    });

    /// <summary>Aborts transactions that have been open for longer than they asked for, and finishes interrupted ends.</summary>
    public void Tick()
    {
        var now = _options.Clock.GetUtcNow();
        foreach (var transaction in _transactions.Values)
        {
            lock (transaction.Sync)
            {
                if (transaction.IsEnding)
                    Finish(transaction);
                else if (transaction.Status == TransactionStatus.Ongoing && now - transaction.StartedAt > transaction.Timeout)
                    Fence(transaction);
                else if (transaction.Status != TransactionStatus.Ongoing && now - transaction.UpdatedAt > IdLifetime)
                    Forget(transaction);
            }
        }
    }

    private ErrorCode With(ProducerClaim claim, Func<Transaction, ErrorCode> action)
    {
        if (!_transactions.TryGetValue(claim.TransactionalId, out var transaction))
            return ErrorCode.InvalidProducerIdMapping;
        lock (transaction.Sync)
        {
            if (transaction.ProducerId != claim.ProducerId)
                return ErrorCode.InvalidProducerIdMapping;
            return transaction.Epoch == claim.Epoch ? action(transaction) : ErrorCode.ProducerFenced;
        }
    }

    private void Forget(Transaction transaction)
    {
        transaction.IsForgotten = true;
        _transactions.TryRemove(transaction.Id, out _);
        _store.Commit(new StateChange().Remove(Prefix + transaction.Id));
    }

    // The abort carries the next epoch, so that the partitions refuse what the former owner may still send.
    private void Fence(Transaction transaction)
    {
        if (transaction.Epoch < short.MaxValue)
            transaction.Epoch++;
        Finish(transaction, commit: false);
    }

    private void Bump(Transaction transaction)
    {
        if (transaction.ProducerId >= 0 && transaction.Epoch < short.MaxValue - 1)
            transaction.Epoch++;
        else
            (transaction.ProducerId, transaction.Epoch) = (_producerIds.Next(), 0);
    }

    private void Finish(Transaction transaction, bool commit)
    {
        transaction.Status = commit ? TransactionStatus.PrepareCommit : TransactionStatus.PrepareAbort;
        Save(transaction);
        Finish(transaction);
    }

    private void Finish(Transaction transaction)
    {
        var commit = transaction.Status == TransactionStatus.PrepareCommit;
        foreach (var (topic, partition) in transaction.Partitions)
        {
            var log = _topics.Log(topic, partition);
            log?.AppendMarker(transaction.ProducerId, transaction.Epoch, commit, CoordinatorEpoch);
            if (_options.Flush == FlushPolicy.EachWrite)
                log?.Upkeep.Flush();
        }

        var change = new StateChange();
        foreach (var group in transaction.Groups)
            _groups.Settle(group, transaction.ProducerId, commit, change);
        transaction.Partitions.Clear();
        transaction.Groups.Clear();
        transaction.Status = commit ? TransactionStatus.CompleteCommit : TransactionStatus.CompleteAbort;
        Save(transaction, change);
    }

    private void Save(Transaction transaction, StateChange? with = null)
    {
        transaction.UpdatedAt = _options.Clock.GetUtcNow();
        _store.Commit((with ?? new StateChange()).Put(Prefix + transaction.Id, transaction.ToBytes()));
    }
}

/// <summary>A producer as it presents itself.</summary>
internal readonly record struct ProducerClaim(string TransactionalId, long ProducerId, short Epoch);

/// <summary>The id and epoch that a producer got, or why it got none.</summary>
internal readonly record struct ProducerGrant(ErrorCode Error, long ProducerId, short Epoch)
{
    public static ProducerGrant Refused(ErrorCode error) => new(error, -1, -1);
}
