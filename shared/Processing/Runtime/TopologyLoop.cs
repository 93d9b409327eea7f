using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>
/// Poll → process → commit, one turn at a time, on one thread. It decides when a transaction begins, commits and aborts; what is in it
/// is <see cref="TopologyEngine"/>'s, how it is done is behind the ports. Partitions come and go in <see cref="TopologyAssignment"/>.
/// </summary>
internal sealed partial class TopologyLoop : IDisposable
{
    /// <summary>Wall-clock timers fired in one turn, so that records are not kept waiting.</summary>
    private const int TimersPerTurnMax = 1_000;

    private static readonly TimeSpan RestorationStopMax = TimeSpan.FromSeconds(5);

    private readonly TopologyEngine _engine;
    private readonly IInputSource _source;
    private readonly ITransactionLog _log;
    private readonly IViewPublisher _views;
    private readonly TopologyAssignment _assignment;
    private readonly TransactionRecords _records;
    private readonly LoopLimits _limits;
    private readonly TopologyTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Action<TimeSpan> _pause;
    private readonly LogLimit _deadLetterLog;
    private readonly Lanes? _lanes;
    private long _beganAt;
    private bool _open;
    private bool _pollFirst;
    private int _oneByOne;
    private int _abortsInARow;

    /// <param name="pause">Waits, or returns early when the process stops.</param>
    /// <param name="lanes">Null: one record after the other.</param>
    public TopologyLoop(
        TopologyEngine engine, TopologyAssignment assignment, TransactionRecords records, IInputSource source, ITransactionLog log,
        IViewPublisher views, LoopLimits limits, TopologyTelemetry telemetry, TimeProvider clock, ILogger logger, Action<TimeSpan> pause,
        Lanes? lanes = null)
    {
        _engine = engine;
        _assignment = assignment;
        _records = records;
        _source = source;
        _log = log;
        _views = views;
        _limits = limits;
        _telemetry = telemetry;
        _clock = clock;
        _logger = logger;
        _pause = pause;
        _lanes = lanes;
        _deadLetterLog = new LogLimit(clock);
        _assignment.BeforeLeaving = CommitBeforeLeaving;
        _assignment.BeforeLosing = AbortBeforeLosing;
    }

    /// <summary>One turn: at most one record, the timers that are due, and a commit when it is time.</summary>
    public void RunOnce()
    {
        _assignment.Settle();
        if (_pollFirst && _source.Poll(TimeSpan.Zero) is { } early)
            _records.Postpone(early);
        _pollFirst = false;
        if (_lanes is not null && !_engine.ProbeState && _oneByOne == 0)
            RunBatch(_lanes);
        else
            RunRecord();
        if (_open)
            return;
        _log.ServeErrors();
        _telemetry.Parked?.Look(_engine.Tasks.Values);
        _views.ServeRebuilds(_engine.Tasks);
    }

    private void RunRecord()
    {
        _oneByOne = Math.Max(0, _oneByOne - 1);
        var polled = !_records.TryTakeAgain(out var attempt);
        if (polled && _source.Poll(PollWait()) is { } record)
        {
            // A rebalance may have come in while polling, and its commit may have been refused: what is to be done again comes first.
            if (_records.HasAgain)
                _records.Postpone(record);
            else
                attempt = new Attempt(record, 1);
        }

        // Whose partition is it by now?
        if (attempt.Record is not null && _assignment.Admit(attempt.Record))
            Process(attempt);
        FireTimers();
        if (IsCommitDue(nothingWaits: polled && attempt.Record is null && !_records.HasAgain))
            CommitOrAbort();
    }

    /// <summary>Commits what is done and leaves the group.</summary>
    public void Stop()
    {
        CommitOrAbort();
        _source.Close();
    }

    /// <summary>Leaves the group without committing anything, after a failure that cannot be mended here.</summary>
    /// <param name="cause">One of <see cref="AbortCauses"/>, for what was under way.</param>
    public void Abandon(string cause)
    {
        if (_open)
            _telemetry.Aborted(cause);
        _assignment.BeforeLeaving = static () => { };
        _assignment.BeforeLosing = static () => { };
        _source.Close();
    }

    public void Dispose()
    {
        // Clients in use by another thread are left to the end of the process: freeing them would crash it.
        if (!_assignment.Stop(RestorationStopMax))
            return;
        _source.Dispose();
        _log.Dispose();
    }

    private void Process(Attempt attempt)
    {
        var registryAttempts = 0;
        while (true)
        {
            try
            {
                Begin();
                ProcessNow(attempt);
                return;
            }
            catch (RegistryUnavailableException unavailable)
            {
                // Not the record's fault. What is done is committed first: a transaction must not stay open while we wait.
                if (!CommitOrAbort(then: attempt))
                    return;
                WaitForRegistry(++registryAttempts, unavailable);
            }
            catch (TransactionAbortedException aborted)
            {
                Abort(aborted.Message, aborted.Cause, then: attempt);
                return;
            }
        }
    }

    private void ProcessNow(Attempt attempt)
    {
        var started = _clock.GetTimestamp();
        using var trace = _telemetry.StartProcess(attempt.Record);
        var outcome = _engine.Process(attempt.Record, attempt.Number, trace.Outgoing, _log);
        _records.Add(attempt);
        Done(attempt.Record, outcome, _clock.GetElapsedTime(started));
    }

    private void Done(InputRecord record, RecordOutcome outcome, TimeSpan duration)
    {
        _telemetry.Processed(record, outcome.DeadLetterReason, duration);
        if (outcome.Retry != RetryOutcome.None)
            Retried(record, outcome.Retry);
        if (outcome.DeadLetterReason is { } reason && _deadLetterLog.Allows(out var kept))
            DeadLettered(record.Topic, record.Partition.Value, record.Offset.Value, reason, outcome.Letter?.Cause?.GetType().Name ?? "", kept);
    }

    private void Retried(InputRecord record, RetryOutcome outcome)
    {
        _telemetry.Retried(outcome switch
        {
            RetryOutcome.Done => "done",
            RetryOutcome.Failed => "failed",
            RetryOutcome.Skipped => "skipped",
            RetryOutcome.Early => "early",
            _ => "duplicate",
        });
        // The one way to lose a record: by an operator's word.
        if (outcome == RetryOutcome.Skipped)
            PassedOver(record.Topic, record.Partition.Value, record.Offset.Value);
    }

    private void WaitForRegistry(int attempts, RegistryUnavailableException unavailable)
    {
        var wait = Backoff(attempts);
        if (wait * attempts > _limits.RegistryWaitMax)
            throw new TopologyFailedException("the schema registry did not answer in time", unavailable) { Reason = "registry" };
        RegistryUnavailable(attempts, unavailable.InnerException?.GetType().Name ?? "");
        _pause(wait);
    }

    private void FireTimers()
    {
        if (_engine.NextTimer() is not { } due || due > _clock.GetUtcNow())
            return;
        try
        {
            Begin();
            _engine.FireDueTimers(_log, TimersPerTurnMax);
        }
        catch (TransactionAbortedException aborted)
        {
            Abort(aborted.Message, aborted.Cause);
        }
    }

    private void Begin()
    {
        if (_open)
            return;
        _log.Begin();
        _open = true;
        _beganAt = _clock.GetTimestamp();
    }

    private TimeSpan PollWait()
    {
        var wait = _limits.PollWaitMax;
        if (_assignment.IsSettling)
            wait = Min(wait, _limits.RetryWaitMin);
        if (_engine.NextTimer() is { } due)
            wait = Min(wait, due - _clock.GetUtcNow());
        if (_open)
            wait = Min(wait, _limits.CommitLinger - _clock.GetElapsedTime(_beganAt));
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private bool IsCommitDue(bool nothingWaits)
    {
        if (!_open)
            return false;
        var age = _clock.GetElapsedTime(_beganAt);
        return _records.Count >= _limits.TransactionRecordsMax
            || _records.Bytes >= _limits.TransactionBytesMax
            || age >= _limits.CommitInterval
            || (nothingWaits && age >= _limits.CommitLinger);
    }

    /// <param name="then">A record in hand that is not processed yet: after an abort it comes again behind the others.</param>
    private bool CommitOrAbort(Attempt? then = null)
    {
        if (!_open)
            return true;
        try
        {
            Commit();
            return true;
        }
        catch (TransactionAbortedException aborted)
        {
            Abort(aborted.Message, aborted.Cause, then);
        }
        catch (PoisonException unwritable)
        {
            // Some record put state that cannot be written. Done again one by one, it shows which.
            Abort(unwritable.Reason, AbortCauses.Poison, then);
            _engine.ProbeState = true;
        }

        return false;
    }

    private void Commit()
    {
        var started = _clock.GetTimestamp();
        var plan = _engine.PrepareCommit();
        for (var index = 0; index < plan.Writes.Count; index++)
        {
            var write = plan.Writes[index];
            var isLast = index + 1 == plan.Writes.Count || !ReferenceEquals(plan.Writes[index + 1].Store, write.Store);
            _log.SendChange(write, isLast);
        }

        // Nothing pending: the transaction was begun for a record that had to wait. Empty, it is nothing to the broker.
        if (plan.Offsets.Count > 0)
        {
            var membership = _source.Membership()
                ?? throw new TransactionAbortedException("the group has dropped this member") { Cause = AbortCauses.Rebalance };
            _log.Commit(plan.Offsets, membership);
        }
        else
        {
            _log.Abort();
        }

        _engine.AcceptTransaction();
        _open = false;
        _abortsInARow = 0;
        _telemetry.Committed(plan.Offsets, _clock.GetElapsedTime(started));
        _records.Committed();
        if (!_records.HasAgain)
            _engine.ProbeState = false;
        _views.Publish(plan.Writes);
    }

    private void Abort(string why, string cause, Attempt? then = null)
    {
        if (then is { } attempt)
            _records.Add(attempt);
        _abortsInARow++;
        TakeBack(why, cause);
        // The cause may be a rebalance that only polling tells of.
        _pollFirst = true;
        _pause(Backoff(_abortsInARow));
    }

    private void TakeBack(string why, string cause)
    {
        TransactionAborted(_records.Count, _abortsInARow, why);
        _telemetry.Aborted(cause);
        _open = false;
        _log.Abort();
        _engine.RollbackTransaction();
        _records.Aborted();
    }

    private void CommitBeforeLeaving() => CommitOrAbort();

    private void AbortBeforeLosing()
    {
        if (_open)
            TakeBack("partitions were lost", AbortCauses.Rebalance);
    }

    private TimeSpan Backoff(int attempts) =>
        Min(_limits.RetryWaitMin * Math.Pow(2, Math.Min(attempts - 1, 16)), _limits.RetryWaitMax);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "Dead letter: {Topic} [{Partition}] offset {Offset}: {Reason} {ErrorType} ({Unlogged} more since the last one logged)")]
    private partial void DeadLettered(string topic, int partition, long offset, string reason, string errorType, long unlogged);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message = "A dead letter was passed over by the order at {Topic} [{Partition}] offset {Offset}")]
    private partial void PassedOver(string topic, int partition, long offset);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Transaction of {Records} records aborted ({AbortsInARow} in a row), to be done again: {Why}")]
    private partial void TransactionAborted(int records, int abortsInARow, string why);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "The schema registry does not answer (attempt {Attempt}): {ErrorType}")]
    private partial void RegistryUnavailable(int attempt, string errorType);
}
