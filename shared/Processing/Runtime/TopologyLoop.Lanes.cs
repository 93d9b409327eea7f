using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>Turns of a topology whose records of different keys are worked out side by side.</summary>
internal sealed partial class TopologyLoop
{
    /// <summary>
    /// As <see cref="RunRecord"/> for as many records as wait. They are put where a rebalance finds those of partitions that go, and taken
    /// once all polling is done.
    /// </summary>
    private void RunBatch(Lanes lanes)
    {
        var waits = _records.HasAgain ? TimeSpan.Zero : PollWait();
        while (_records.AgainCount < _limits.BatchRecordsMax && _source.Poll(waits) is { } record)
        {
            _records.Postpone(record);
            waits = TimeSpan.Zero;
        }

        var batch = new List<Attempt>(_limits.BatchRecordsMax);
        while (batch.Count < _limits.BatchRecordsMax && _records.TryTakeAgain(out var attempt))
        {
            if (_assignment.Admit(attempt.Record))
                batch.Add(attempt);
        }

        if (batch.Count > 0)
            Process(lanes, batch);
        FireTimers();
        if (IsCommitDue(nothingWaits: batch.Count == 0 && !_records.HasAgain))
            CommitOrAbort();
    }

    private void Process(Lanes lanes, List<Attempt> batch)
    {
        if (lanes.Prepare(batch) is not { } prepared)
        {
            // Nothing has been done yet. One by one it shows which record it is, and what must be done before it.
            _records.PutBack(batch);
            _oneByOne = batch.Count;
            return;
        }

        batch.ForEach(_records.Add);
        try
        {
            Begin();
            foreach (var record in prepared)
                Done(record.Raw, _engine.Apply(record, _log), record.Duration);
        }
        catch (TransactionAbortedException aborted)
        {
            Abort(aborted.Message, aborted.Cause);
        }
    }
}
