using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>All that a commit must write, besides the outputs that are already in the transaction.</summary>
internal sealed record CommitPlan(IReadOnlyList<ChangelogWrite> Writes, IReadOnlyList<TopicPartitionOffset> Offsets);

/// <summary>
/// Decides everything and does no I/O: what a record changes and sends, what a failure takes back, what a commit writes. The runtime
/// and the test driver feed it; one thread at a time.
/// </summary>
internal sealed partial class TopologyEngine
{
    /// <summary>Stream-time timers that fire before one record; the rest waits for the next, so that a timer that sets itself ends.</summary>
    private const int TimersPerRecordMax = 10_000;

    private readonly Topology _topology;
    private readonly ISerdes _serdes;
    private readonly TimeProvider _clock;
    private readonly int _recordBytesMax;
    private readonly Dictionary<string, BoundInput> _inputs;
    private readonly Dictionary<int, PartitionTask> _tasks = [];
    private readonly Dictionary<(string Topic, int Partition), long> _pendingOffsets = [];
    private readonly HashSet<PartitionTask> _pendingTasks = [];
    private readonly ProcessingContext _context;
    private readonly DeadLetterWriter _deadLetters;
    private readonly LetterLines? _lines;

    /// <param name="linesMax">Lines of letters in one partition; see <see cref="ProcessingOptions.ParkedKeysMax"/>.</param>
    public TopologyEngine(Topology topology, ISerdes serdes, TimeProvider clock, int recordBytesMax, int linesMax = ProcessingOptions.ParkedKeysMaxDefault)
    {
        TopologyValidation.ThrowIfInvalid(topology);
        _topology = topology;
        _serdes = serdes;
        _clock = clock;
        _recordBytesMax = recordBytesMax;
        _inputs = BindInputs();
        _context = new ProcessingContext(new Outputs(topology, serdes), clock, recordBytesMax);
        _deadLetters = new DeadLetterWriter(topology, serdes, clock, recordBytesMax);
        _lines = topology.Lines is { } lines ? new LetterLines(lines, clock, linesMax) : null;
    }

    public IReadOnlyDictionary<int, PartitionTask> Tasks => _tasks;

    /// <summary>Something was done that is not committed.</summary>
    public bool HasPending => _pendingTasks.Count > 0;

    /// <summary>
    /// Serialise state with each record instead of once at the commit: slower, but it names the record whose state cannot be
    /// written. On while a batch that failed at its commit is done again.
    /// </summary>
    public bool ProbeState { get; set; }

    /// <summary>A task with empty state, to be restored.</summary>
    public PartitionTask CreateTask(int partition) => new(
        partition, _topology.Stores.Select(store => store.Create(_serdes)), areKeysParked: _topology.Lines is { InOrder: true });

    public void Assign(PartitionTask task)
    {
        task.Activate();
        _tasks.Add(task.Partition, task);
    }

    /// <summary>Takes the partition away; the caller has committed or rolled back.</summary>
    public PartitionTask? Revoke(int partition) => _tasks.Remove(partition, out var task) ? task : null;

    /// <summary>Processes one record of an assigned partition.</summary>
    /// <exception cref="RegistryUnavailableException">Nothing was done with the record; try it again later.</exception>
    public RecordOutcome Process(InputRecord raw, int attempts, Headers? outgoing, IOutputSink sink)
    {
        var task = _tasks[raw.Partition.Value];
        _pendingTasks.Add(task);
        var arrival = Arrive(raw, _inputs);
        task.Observe(arrival.Timestamp);
        for (var fired = 0; fired < TimersPerRecordMax && task.Timers?.TakeDue(TimerClock.StreamTime, task.StreamTime) is { } timer; fired++)
            Fire(task, timer, timer.DueAt, sink);

        var outcome = Handle(task, arrival, outgoing, sink);
        if (outcome.Letter is { } letter)
            sink.Send(_deadLetters.Of(letter, attempts));
        _pendingOffsets[(raw.Topic, task.Partition)] = raw.Offset.Value + 1;
        return outcome;
    }

    /// <summary>Fires wall-clock timers that are due, at most <paramref name="max"/>.</summary>
    public int FireDueTimers(IOutputSink sink, int max)
    {
        var fired = 0;
        var now = _clock.GetUtcNow();
        foreach (var task in _tasks.Values)
        {
            while (fired < max && task.Timers?.TakeDue(TimerClock.ProcessingTime, now) is { } timer)
            {
                _pendingTasks.Add(task);
                Fire(task, timer, now, sink);
                fired++;
            }
        }

        return fired;
    }

    /// <summary>When the next wall-clock timer is due.</summary>
    public DateTimeOffset? NextTimer()
    {
        DateTimeOffset? next = null;
        if (_topology.TimerChangelog is null)
            return next;
        foreach (var task in _tasks.Values)
        {
            if (task.Timers?.NextDue(TimerClock.ProcessingTime) is { } due && !(due >= next))
                next = due;
        }

        return next;
    }

    /// <exception cref="PoisonException">A state value cannot be written: roll back and do the batch again with <see cref="ProbeState"/>.</exception>
    public CommitPlan PrepareCommit()
    {
        var writes = new List<ChangelogWrite>();
        foreach (var task in _pendingTasks)
        {
            foreach (var store in task.Stores)
                store.CollectChanges(task.Partition, _recordBytesMax, writes);
            // The group's generation fences a former owner only where a transaction carries offsets: timers alone must, too.
            if (!_topology.Inputs.Any(input => _pendingOffsets.ContainsKey((input.Topic.Name, task.Partition))))
                KeepPosition(task);
        }

        return new CommitPlan(
            writes, [.. _pendingOffsets.Select(entry => new TopicPartitionOffset(entry.Key.Topic, entry.Key.Partition, entry.Value))]);
    }

    public void AcceptTransaction()
    {
        foreach (var task in _pendingTasks)
            task.AcceptTransaction();
        foreach (var ((topic, partition), next) in _pendingOffsets)
            _tasks[partition].Positions[topic] = next;
        Clear();
    }

    public void RollbackTransaction()
    {
        foreach (var task in _pendingTasks)
            task.RollbackTransaction();
        Clear();
    }

    private RecordOutcome Handle(PartitionTask task, in Arrival arrival, Headers? outgoing, IOutputSink sink)
    {
        _context.Begin(task, arrival.Timestamp, outgoing, _topology.IsParallelByKey ? arrival.Key : null);
        try
        {
            var outcome = Work(arrival, _inputs, _context);
            _context.Accept(sink);
            return outcome;
        }
        catch (Exception)
        {
            _context.Rollback();
            throw;
        }
    }

    private void Fire(PartitionTask task, TimerEntry timer, DateTimeOffset timestamp, IOutputSink sink)
    {
        // The timer itself is gone whatever its handler does; the handler's own effects are one unit apart from that.
        task.AcceptRecord();
        if (!_topology.Timers.TryGetValue(timer.Name, out var known))
            return;
        _context.Begin(task, timestamp, headers: null);
        try
        {
            known.Handler(new DueTimer(timer.Key, timer.DueAt, task.Partition), _context);
            if (ProbeState)
                _context.ProbeState();
        }
        catch (Exception failure)
        {
            _context.Rollback();
            if (!IsPoison(failure))
                throw;
            var (reason, cause) = ReasonOf(failure, DeadLetterReasons.Timer);
            sink.Send(_deadLetters.Of(timer, _topology.TimerChangelog!.Name, task.Partition, reason, cause));
            return;
        }

        _context.Accept(sink);
    }

    private void KeepPosition(PartitionTask task)
    {
        foreach (var (topic, next) in task.Positions)
            _pendingOffsets[(topic, task.Partition)] = next;
        // No position known: the group's offsets have expired. Offset 0 leads where "earliest" leads.
        if (task.Positions.Count == 0)
            _pendingOffsets[(_topology.Inputs[0].Topic.Name, task.Partition)] = 0;
    }

    private void Clear()
    {
        _pendingTasks.Clear();
        _pendingOffsets.Clear();
    }

    private DateTimeOffset TimestampOf(InputRecord raw)
    {
        var timestamp = raw.Message.Timestamp;
        return timestamp.Type == TimestampType.NotAvailable
            ? _clock.GetUtcNow()
            : DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);
    }

    private static bool IsPoison(Exception failure) =>
        failure is not (TopologyException or RegistryUnavailableException or OutOfMemoryException or InsufficientExecutionStackException);
}
