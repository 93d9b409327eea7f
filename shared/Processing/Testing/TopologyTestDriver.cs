using System.Text;
using Avro.Specific;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Testing;

/// <summary>
/// Runs a topology in memory on the engine that also runs it on Kafka: pipe records in, read records out, move the clock. Every value
/// passes through its Avro bytes, inputs, outputs and state alike. Each record piped in is a transaction of its own; outputs that are
/// also inputs of the topology are processed right after.
/// </summary>
public sealed class TopologyTestDriver
{
    private const int RecordBytesMax = 1_000_000;
    private const int TimersPerAdvanceMax = 100_000;

    private readonly Topology _topology;
    private readonly PlainAvroSerdes _serdes = new();
    private readonly TestClock _clock;
    private readonly InMemoryLog _log;
    private readonly StagedSink _sink = new();
    private readonly Queue<InputRecord> _loopback = new();
    private readonly Dictionary<string, int> _readPositions = new(StringComparer.Ordinal);
    private readonly List<Effect> _effects = [];
    private readonly HashSet<string> _inputs;
    private readonly int _partitions;
    private TopologyEngine _engine;

    /// <param name="start">What the clock shows at first; by default 2026-01-01.</param>
    public TopologyTestDriver(Topology topology, DateTimeOffset? start = null)
    {
        _topology = topology;
        _clock = new TestClock(start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var partitionsByTopic = topology.AllTopics.ToDictionary(topic => topic.Name, topic => topic.Partitions, StringComparer.Ordinal);
        _log = new InMemoryLog(topic => partitionsByTopic[topic]);
        _engine = NewEngine();
        _inputs = topology.Inputs.Select(input => input.Topic.Name).ToHashSet(StringComparer.Ordinal);
        _partitions = topology.Inputs[0].Topic.Partitions;
        AssignAll();
    }

    /// <summary>What the topology's clock shows.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>The topology's clock, for code under test that takes one.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>All effects since the start (or <see cref="ClearEffects"/>), in order.</summary>
    public IReadOnlyList<Effect> Effects => _effects;

    /// <summary>All dead letters so far.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters =>
        [.. _log.Topic(_topology.DeadLetters!.Name).Select(record => _serdes.For(_topology.DeadLetters).Read(record.Message.Value!))];

    /// <summary>Pipes a record in.</summary>
    /// <param name="timestamp">By default the clock's time.</param>
    public void PipeIn<T>(Topic<T> topic, string key, T value, DateTimeOffset? timestamp = null) where T : class, ISpecificRecord =>
        PipeInRaw(topic, Keys.ToBytes(key), _serdes.For(topic).Write(value), timestamp);

    /// <summary>Pipes a null value in: the key was deleted.</summary>
    public void PipeInDeletion(Topic topic, string key, DateTimeOffset? timestamp = null) =>
        PipeInRaw(topic, Keys.ToBytes(key), value: null, timestamp);

    /// <summary>Retries a dead letter, as an operator would, or passes over it.</summary>
    public void Retry(DeadLetter letter, bool skip = false)
    {
        var retries = _topology.Lines?.Retries ?? throw new TopologyException($"topology {_topology.Name} takes no letters back");
        var value = _serdes.For(retries).Write(Commerce.Processing.Retry.Of(letter, skip));
        _loopback.Enqueue(_log.Append(retries.Name, letter.Partition, letter.Key, value, Now, headers: null));
        ProcessLoopback();
    }

    /// <summary>Lines of letters that wait, by parked key (or by their own name, where keys are not parked).</summary>
    public IReadOnlyDictionary<string, ParkedKey> Parked =>
        _topology.Lines is { } lines ? State(lines.Store) : new Dictionary<string, ParkedKey>();

    /// <summary>Pipes bytes in as they are.</summary>
    public void PipeInRaw(Topic topic, byte[]? key, byte[]? value, DateTimeOffset? timestamp = null)
    {
        if (!_inputs.Contains(topic.Name))
            throw new TopologyException($"topology {_topology.Name} does not read {topic.Name}");
        var partition = key is null ? 0 : Murmur2.PartitionOf(key, topic.Partitions);
        _loopback.Enqueue(_log.Append(topic.Name, partition, key, value, timestamp ?? Now, headers: null));
        ProcessLoopback();
    }

    /// <summary>Moves the clock and fires the wall-clock timers that become due, in order.</summary>
    public void AdvanceTime(TimeSpan time)
    {
        var end = Now + time;
        while (_engine.NextTimer() is { } due && due <= end)
        {
            if (due > Now)
                _clock.Advance(due - Now);
            if (_engine.FireDueTimers(_sink, TimersPerAdvanceMax) > 0)
                Commit();
            ProcessLoopback();
        }

        _clock.Advance(end - Now);
    }

    /// <summary>Records of an output topic that this method has not returned yet, in the order in which they were sent.</summary>
    public IReadOnlyList<TestRecord<T>> Read<T>(Topic<T> topic) where T : class, ISpecificRecord
    {
        var from = _readPositions.GetValueOrDefault(topic.Name);
        var records = All(topic);
        _readPositions[topic.Name] = records.Count;
        return [.. records.Skip(from)];
    }

    /// <summary>All records of an output topic so far.</summary>
    public IReadOnlyList<TestRecord<T>> All<T>(Topic<T> topic) where T : class, ISpecificRecord
    {
        var serde = _serdes.For(topic);
        return
        [
            .. _log.Topic(topic.Name).Select(record => new TestRecord<T>(
                Encoding.UTF8.GetString(record.Message.Key!),
                record.Message.Value is { } bytes ? serde.Read(bytes) : null,
                new DateTimeOffset(record.Message.Timestamp.UtcDateTime, TimeSpan.Zero),
                record.Partition.Value,
                record.Offset.Value)),
        ];
    }

    /// <summary>What the store holds, all partitions together.</summary>
    public IReadOnlyDictionary<string, T> State<T>(Store<T> store) where T : class, ISpecificRecord =>
        _engine.Tasks.Values
            .SelectMany(task => task.Store(store.Name).Entries())
            .ToDictionary(entry => entry.Key, entry => (T)entry.Value, StringComparer.Ordinal);

    /// <summary>What Redis would hold for the view: per key the string, or the hash as field, value, ….</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> View(RedisView view) =>
        _engine.Tasks.Values
            .SelectMany(task => task.Store(view.StoreName).Entries())
            .Select(entry => (Key: view.KeyPrefix + entry.Key, Shown: view.Project(entry.Key, entry.Value)))
            .Where(entry => entry.Shown is not null)
            .ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)entry.Shown!, StringComparer.Ordinal);

    /// <summary>Starts anew from the changelogs, as another instance would after a crash.</summary>
    public void Restart()
    {
        _engine = NewEngine();
        AssignAll();
    }

    /// <summary>Forgets the effects recorded so far.</summary>
    public void ClearEffects() => _effects.Clear();

    private void AssignAll()
    {
        for (var partition = 0; partition < _partitions; partition++)
        {
            var task = _engine.CreateTask(partition);
            foreach (var store in task.Stores)
            {
                foreach (var record in _log.Partition(store.Changelog.Name, partition))
                    store.Restore(Encoding.UTF8.GetString(record.Message.Key!), record.Message.Value);
            }

            _engine.Assign(task);
        }
    }

    private void ProcessLoopback()
    {
        while (_loopback.TryDequeue(out var record))
        {
            _engine.Process(record, attempts: 1, outgoing: null, _sink);
            Commit();
        }
    }

    private void Commit()
    {
        var plan = _engine.PrepareCommit();
        foreach (var sent in _sink.Records)
        {
            _effects.Add(new Effect.Sent(sent.Topic, Encoding.UTF8.GetString(sent.Key)));
            var appended = _log.Append(sent);
            if (_inputs.Contains(sent.Topic))
                _loopback.Enqueue(appended);
        }

        _sink.Records.Clear();
        foreach (var write in plan.Writes)
        {
            _effects.Add(new Effect.StateWritten(write.Store.Name, write.Key, Deleted: write.Value is null));
            _log.Append(write.Store.Changelog.Name, write.Partition, write.KeyBytes, write.Value, Now, headers: null);
        }

        foreach (var offset in plan.Offsets)
            _effects.Add(new Effect.OffsetCommitted(offset.Topic, offset.Partition.Value, offset.Offset.Value));
        _engine.AcceptTransaction();
        // State as a restart would see it: a value that somebody changed after Put, or that its schema cannot carry, shows at once.
        foreach (var write in plan.Writes)
            write.Store.Restore(write.Key, write.Value);
    }

    // Probing: state that cannot be written fails with its record, as it does on Kafka after one retry.
    private TopologyEngine NewEngine() => new(_topology, _serdes, _clock, RecordBytesMax) { ProbeState = true };

    private sealed class StagedSink : IOutputSink
    {
        public List<OutputRecord> Records { get; } = [];

        public void Send(in OutputRecord record) => Records.Add(record);
    }
}
