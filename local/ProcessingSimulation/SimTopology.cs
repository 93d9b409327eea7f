using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>What becomes of a key whose record failed.</summary>
internal enum SimLetters
{
    /// <summary>It goes on, and letters are the end.</summary>
    Final,

    /// <summary>It goes on, and letters are retried in any order.</summary>
    InAnyOrder,

    /// <summary>It is parked until its letters are done.</summary>
    Parking,
}

/// <summary>
/// Counts by key, drops what a producer sent twice, shows the counts, and after each record sends a reminder of it by a wall-clock timer and
/// an echo by a stream-time timer: lost, doubled or reordered records, state, timers and views all show.
/// </summary>
/// <param name="hasSecondInput">With two inputs the group rebalances eagerly, with one cooperatively.</param>
/// <param name="isParallel">Keys side by side; then without stream-time timers.</param>
/// <param name="letters">What becomes of a key whose record failed.</param>
internal sealed class SimTopology(bool hasSecondInput, bool isParallel, SimLetters letters)
{
    public const int Partitions = 3;
    public const string ViewPrefix = "sim:";
    public const string Unwritable = "unwritable";
    public const string Poison = "poison";

    /// <summary>Only moves stream time.</summary>
    public const string Tick = "tick";

    private static readonly TopologyTimer Reminder = TopologyTimer.InProcessingTime("reminder");
    private static readonly TopologyTimer Echo = TopologyTimer.InStreamTime("echo");

    public bool HasSecondInput => hasSecondInput;

    public bool IsCooperative => Inputs.Length == 1;

    public SimLetters Letters => letters;

    /// <summary>A release is out that takes what was poison before.</summary>
    public bool IsRepaired { get; set; }

    public bool HasEchoes => !isParallel;

    public Topic<Tally> First { get; } = TestTopics.Tallies("sim.first", Partitions);
    public Topic<Tally> Second { get; } = TestTopics.Tallies("sim.second", Partitions);
    public Topic<Tally> Counted { get; } = TestTopics.Tallies("sim.counted", Partitions);
    public Topic<Tally> Reminders { get; } = TestTopics.Tallies("sim.reminders", Partitions);
    public Topic<Tally> Echoes { get; } = TestTopics.Tallies("sim.echoes", Partitions);
    public Topic<DeadLetter> DeadLetters { get; } = TestTopics.DeadLetters("sim.dlq", Partitions);
    public Store<Tally> Counts { get; } = new("counts", TestTopics.Tallies("sim.counts", Partitions, compact: true));
    public Store<Tally> Seen { get; } = new("seen", TestTopics.Tallies("sim.seen", Partitions, compact: true));

    public Topic<Retry> Retries { get; } = TestTopics.Retries("sim.retries", Partitions);
    public Store<ParkedKey> Parked { get; } = new("parked", TestTopics.Parked("sim.parked", Partitions));

    public string[] Sources => hasSecondInput ? [First.Name, Second.Name] : [First.Name];

    public string[] Inputs => letters == SimLetters.Final ? Sources : [.. Sources, Retries.Name];

    public Topology Build()
    {
        var topology = Topology.Named("sim")
            .WithState(Counts)
            .WithState(Seen)
            .WithTimers(TestTopics.Timers("sim.timers", Partitions))
            .From(First, Count)
            .OnTimer(Reminder, (timer, context) => Send(Reminders, timer, context))
            .To(Counted, Reminders, Echoes)
            .DeadLettersTo(DeadLetters)
            .ViewedIn(RedisView.AsString(Counts, ViewPrefix, (_, tally) => tally.Count.ToString(CultureInfo.InvariantCulture)));
        if (hasSecondInput)
            topology.From(Second, Count);
        if (letters == SimLetters.Parking)
            topology.ParkingKeys(Parked.Changelog, Retries);
        else if (letters == SimLetters.InAnyOrder)
            topology.RetryingInAnyOrder(Parked.Changelog, Retries);
        return isParallel ? topology.InParallelByKey() : topology.OnTimer(Echo, (timer, context) => Send(Echoes, timer, context));
    }

    private void Send(Topic<Tally> topic, DueTimer timer, IProcessingContext context)
    {
        if (letters == SimLetters.Parking && context.Get(Parked, timer.Key[..timer.Key.IndexOf('|', StringComparison.Ordinal)]) is not null)
            throw new TopologyException($"a timer of {timer.Key} fires although its key is parked");
        context.Send(topic, timer.Key[(timer.Key.IndexOf('|', StringComparison.Ordinal) + 1)..], Tally.Of(1));
    }

    public static long? SequenceOf(string note) => long.TryParse(note, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private void Count(Record<Tally> record, IProcessingContext context)
    {
        var note = record.Value.Note;
        if (note == Tick)
            return;
        if (SequenceOf(note) is { } sequence)
        {
            var origin = record.Key + "|" + record.Topic;
            if (sequence <= (context.Get(Seen, origin)?.Count ?? 0))
                return;
            context.Put(Seen, origin, Tally.Of(sequence));
        }

        var total = (context.Get(Counts, record.Key)?.Count ?? 0) + record.Value.Count;
        // A null note does not fit the schema, which shows only when the state is written.
        context.Put(Counts, record.Key, Tally.Of(total, note == Unwritable && !IsRepaired ? null! : ""));
        context.Send(Counted, record.Key, Tally.Of(record.Value.Count, $"{record.Topic}/{record.Offset}/{total}"));
        var id = $"{record.Key}|{record.Topic}/{record.Partition}/{record.Offset}";
        context.Schedule(Reminder, id, context.Now + TimeSpan.FromMilliseconds(record.Value.Count));
        if (HasEchoes)
            context.Schedule(Echo, id, record.Timestamp + TimeSpan.FromMilliseconds(record.Value.Count));
        if (note == Poison && !IsRepaired)
            throw new InvalidOperationException("poison");
    }
}
