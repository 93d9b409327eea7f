using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>
/// Counts by key, drops what a producer sent twice, shows the counts, and after each record sends a reminder of it by a wall-clock timer and
/// an echo by a stream-time timer: lost, doubled or reordered records, state, timers and views all show.
/// </summary>
/// <param name="hasSecondInput">With two inputs the group rebalances eagerly, with one cooperatively.</param>
/// <param name="isParallel">Keys side by side; then without stream-time timers.</param>
internal sealed class SimTopology(bool hasSecondInput, bool isParallel)
{
    public const int Partitions = 3;
    public const string ViewPrefix = "sim:";
    public const string Unwritable = "unwritable";
    public const string Poison = "poison";

    /// <summary>Only moves stream time.</summary>
    public const string Tick = "tick";

    private static readonly TopologyTimer Reminder = TopologyTimer.InProcessingTime("reminder");
    private static readonly TopologyTimer Echo = TopologyTimer.InStreamTime("echo");

    public bool IsCooperative => !hasSecondInput;

    public bool HasEchoes => !isParallel;

    public Topic<Tally> First { get; } = TestTopics.Tallies("sim.first", Partitions);
    public Topic<Tally> Second { get; } = TestTopics.Tallies("sim.second", Partitions);
    public Topic<Tally> Counted { get; } = TestTopics.Tallies("sim.counted", Partitions);
    public Topic<Tally> Reminders { get; } = TestTopics.Tallies("sim.reminders", Partitions);
    public Topic<Tally> Echoes { get; } = TestTopics.Tallies("sim.echoes", Partitions);
    public Topic<DeadLetter> DeadLetters { get; } = TestTopics.DeadLetters("sim.dlq", Partitions);
    public Store<Tally> Counts { get; } = new("counts", TestTopics.Tallies("sim.counts", Partitions, compact: true));
    public Store<Tally> Seen { get; } = new("seen", TestTopics.Tallies("sim.seen", Partitions, compact: true));

    public string[] Inputs => hasSecondInput ? [First.Name, Second.Name] : [First.Name];

    public Topology Build()
    {
        var topology = Topology.Named("sim")
            .WithState(Counts)
            .WithState(Seen)
            .WithTimers(TestTopics.Timers("sim.timers", Partitions))
            .From(First, Count)
            .OnTimer(Reminder, (timer, context) => context.Send(Reminders, timer.Key, Tally.Of(1)))
            .To(Counted, Reminders, Echoes)
            .DeadLettersTo(DeadLetters)
            .ViewedIn(RedisView.AsString(Counts, ViewPrefix, (_, tally) => tally.Count.ToString(CultureInfo.InvariantCulture)));
        if (hasSecondInput)
            topology.From(Second, Count);
        return isParallel ? topology.InParallelByKey() : topology.OnTimer(Echo, (timer, context) => context.Send(Echoes, timer.Key, Tally.Of(1)));
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
        context.Put(Counts, record.Key, Tally.Of(total, note == Unwritable ? null! : ""));
        context.Send(Counted, record.Key, Tally.Of(record.Value.Count, $"{record.Topic}/{record.Offset}/{total}"));
        var id = $"{record.Topic}/{record.Partition}/{record.Offset}";
        context.Schedule(Reminder, id, context.Now + TimeSpan.FromMilliseconds(record.Value.Count));
        if (HasEchoes)
            context.Schedule(Echo, id, record.Timestamp + TimeSpan.FromMilliseconds(record.Value.Count));
        if (note == Poison)
            throw new InvalidOperationException("poison");
    }
}
