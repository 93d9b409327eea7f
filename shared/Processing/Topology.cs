using Avro.Specific;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing;

/// <summary>
/// What a pipeline reads, keeps and writes, as a sentence:
/// <code>
/// Topology.Named("attribution.credit")
///     .WithState(Stores.Journeys)
///     .From(Topics.IdentityResolvedEvents, Handlers.OnEvent)
///     .From(Topics.IdentityProfileMerges, Handlers.OnMerged)
///     .To(Topics.AttributionCredits, Topics.AttributionHandovers)
///     .DeadLettersTo(Topics.AttributionCreditDlq);
/// </code>
/// Inputs must be co-partitioned: same number of partitions, same partitioner (murmur2, Kafka's own default).
/// </summary>
public sealed class Topology
{
    private readonly List<StoreDefinition> _stores = [];
    private readonly List<InputDefinition> _inputs = [];
    private readonly List<Topic> _outputs = [];
    private readonly List<RedisView> _views = [];
    private readonly Dictionary<string, (TopologyTimer Timer, TimerHandler Handler)> _timers = new(StringComparer.Ordinal);

    private Topology(string name) => Name = name;

    /// <summary>Service and pipeline, such as <c>attribution.credit</c>.</summary>
    public string Name { get; }

    /// <summary>Consumer group: <c>commerce.</c> + name.</summary>
    public string GroupId => "commerce." + Name;

    internal IReadOnlyList<StoreDefinition> Stores => _stores;
    internal IReadOnlyList<InputDefinition> Inputs => _inputs;
    internal IReadOnlyList<Topic> Outputs => _outputs;
    internal IReadOnlyList<RedisView> Views => _views;
    internal IReadOnlyDictionary<string, (TopologyTimer Timer, TimerHandler Handler)> Timers => _timers;
    internal Topic<TimerEntry>? TimerChangelog { get; private set; }
    internal Topic<DeadLetter>? DeadLetters { get; private set; }
    internal Sealing? Sealing { get; private set; }
    internal LineDefinition? Lines { get; private set; }

    internal bool IsParallelByKey { get; private set; }

    /// <summary>Topics that must exist before it starts: inputs, outputs, changelogs and dead letters.</summary>
    public IEnumerable<Topic> AllTopics =>
        _inputs.Select(input => input.Topic)
            .Concat(_outputs)
            .Concat(_stores.Select(store => store.Changelog))
            .Concat(DeadLetters is null ? [] : [DeadLetters])
            .Distinct();

    /// <summary>Starts the sentence.</summary>
    public static Topology Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Topology(name);
    }

    /// <summary>Adds a store that handlers may use.</summary>
    public Topology WithState<T>(Store<T> store) where T : class, ISpecificRecord
    {
        _stores.Add(new StoreDefinition<T>(store));
        return this;
    }

    /// <summary>Names the changelog that keeps the topology's timers.</summary>
    public Topology WithTimers(Topic<TimerEntry> changelog)
    {
        TimerChangelog = changelog;
        return WithState(TimerStore.Definition(changelog));
    }

    /// <summary>Reads a topic, in order per partition.</summary>
    /// <param name="whenDeleted">What to do with null values; without it they become dead letters.</param>
    public Topology From<T>(Topic<T> topic, RecordHandler<T> handler, DeletionHandler? whenDeleted = null)
        where T : class, ISpecificRecord
    {
        _inputs.Add(new InputDefinition<T>(topic, handler, whenDeleted));
        return this;
    }

    /// <summary>
    /// Allows records of different keys to be handled side by side, as many as <see cref="ProcessingOptions.Parallelism"/> says. Records of
    /// one key stay in order, and so do outputs and commits. In return a handler uses only state whose key equals the record's, up to the
    /// first <c>|</c>, shares nothing mutable with other calls, and the topology has no stream-time timers.
    /// </summary>
    public Topology InParallelByKey()
    {
        IsParallelByKey = true;
        return this;
    }

    /// <summary>Says what happens when <paramref name="timer"/> is due.</summary>
    public Topology OnTimer(TopologyTimer timer, TimerHandler handler)
    {
        if (!_timers.TryAdd(timer.Name, (timer, handler)))
            throw new TopologyException($"topology {Name} has two handlers for the timer '{timer.Name}'");
        return this;
    }

    /// <summary>Names the topics that handlers may send to.</summary>
    public Topology To(params ReadOnlySpan<Topic> outputs)
    {
        _outputs.AddRange(outputs);
        return this;
    }

    /// <summary>Names the topic for records that cannot be processed.</summary>
    /// <param name="sealing">Encrypts the raw value, for pipelines whose input holds personal data; null keeps it as it is.</param>
    public Topology DeadLettersTo(Topic<DeadLetter> topic, Sealing? sealing = null)
    {
        DeadLetters = topic;
        Sealing = sealing;
        return this;
    }

    /// <summary>
    /// Parks a key whose record fails: later records of the key (up to its first <c>|</c>) from any input become dead letters, too, and so
    /// do not overtake it; its timers wait. <paramref name="retries"/>, an input like any other, takes the letters back, in their order,
    /// each once; after the last one the key is free. For topologies where a wrong result is worse than an old one.
    /// </summary>
    /// <param name="changelog">Keeps which keys are parked.</param>
    /// <param name="rejections">
    /// Reasons of <see cref="RejectedRecordException"/> that park. By default none does: the handler has judged the record, and the key goes
    /// on without it. Records without a key cannot park.
    /// </param>
    public Topology ParkingKeys(Topic<ParkedKey> changelog, Topic<Retry> retries, params ReadOnlySpan<string> rejections) =>
        WithLines(new LineDefinition(changelog, retries, InOrder: true, rejections.ToArray().ToHashSet(StringComparer.Ordinal)));

    /// <summary>
    /// Lets dead letters be retried, each once, and keeps nothing waiting for them. For topologies whose results do not depend on the order
    /// of a key's records.
    /// </summary>
    /// <param name="changelog">Keeps which letters are not done.</param>
    public Topology RetryingInAnyOrder(Topic<ParkedKey> changelog, Topic<Retry> retries) =>
        WithLines(new LineDefinition(changelog, retries, InOrder: false, new HashSet<string>(StringComparer.Ordinal)));

    private Topology WithLines(LineDefinition lines)
    {
        if (Lines is not null)
            throw new TopologyException($"topology {Name}: use one of .ParkingKeys(…) and .RetryingInAnyOrder(…), once");
        Lines = lines;
        _inputs.Add(new RetriesDefinition(lines.Retries));
        return WithState(lines.Store);
    }

    /// <summary>Shows a store in Redis.</summary>
    public Topology ViewedIn(RedisView view)
    {
        _views.Add(view);
        return this;
    }
}
