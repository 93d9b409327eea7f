using Commerce.Processing;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>The two halves of a record that is worked out in a lane.</summary>
internal sealed partial class TopologyEngine
{
    /// <summary>Records may be worked out side by side.</summary>
    public bool AllowsLanes => _topology.IsParallelByKey;

    public LaneContext NewLaneContext() => new(new Outputs(_topology, _serdes), _clock, _recordBytesMax);

    public Dictionary<string, BoundInput> BindInputs() =>
        _topology.Inputs.ToDictionary(input => input.Topic.Name, input => input.Bind(_serdes), StringComparer.Ordinal);

    /// <summary>Works out what a record does. Changes nothing but <paramref name="record"/> and the lane's context.</summary>
    /// <exception cref="RegistryUnavailableException">Try it again later.</exception>
    public void Prepare(PreparedRecord record, LaneContext context, IReadOnlyDictionary<string, BoundInput> inputs)
    {
        var arrival = Arrive(record.Raw, inputs);
        record.Timestamp = arrival.Timestamp;
        context.Begin(_tasks[record.Raw.Partition.Value], record, arrival.Key ?? "", arrival.Timestamp);
        record.Outcome = Work(arrival, inputs, context);
        context.Accept();
    }

    /// <summary>Does what was worked out.</summary>
    public RecordOutcome Apply(PreparedRecord record, IOutputSink sink)
    {
        var task = _tasks[record.Raw.Partition.Value];
        _pendingTasks.Add(task);
        task.Observe(record.Timestamp);
        foreach (var write in record.Writes)
        {
            if (write.Store == LineDefinition.StoreName && _lines is not null)
                task.SetLine(write.Key, (ParkedKey?)write.Value);
            else
                task.Store(write.Store).Set(write.Key, write.Value);
        }

        foreach (var timer in record.Timers)
        {
            if (timer.DueAt is { } dueAt)
                task.Timers!.Schedule(timer.Timer, timer.Key, dueAt);
            else
                task.Timers!.Cancel(timer.Timer, timer.Key);
        }

        task.AcceptRecord();
        foreach (var output in record.Outputs)
            sink.Send(output);
        if (record.Outcome.Letter is { } letter)
            sink.Send(_deadLetters.Of(letter, record.Attempts));
        _pendingOffsets[(record.Raw.Topic, task.Partition)] = record.Raw.Offset.Value + 1;
        return record.Outcome;
    }
}
