using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>
/// Counts by key over two inputs and, a while after each record, sends a reminder of it by a timer: lost, doubled or reordered records,
/// state and timers all show.
/// </summary>
internal sealed class SimTopology
{
    public const int Partitions = 3;
    private static readonly TopologyTimer Reminder = TopologyTimer.InProcessingTime("reminder");

    public Topic<Tally> First { get; } = TestTopics.Tallies("sim.first", Partitions);
    public Topic<Tally> Second { get; } = TestTopics.Tallies("sim.second", Partitions);
    public Topic<Tally> Counted { get; } = TestTopics.Tallies("sim.counted", Partitions);
    public Topic<Tally> Reminders { get; } = TestTopics.Tallies("sim.reminders", Partitions);
    public Topic<DeadLetter> DeadLetters { get; } = TestTopics.DeadLetters("sim.dlq", Partitions);
    public Store<Tally> Counts { get; } = new("counts", TestTopics.Tallies("sim.counts", Partitions, compact: true));

    public string[] Inputs => [First.Name, Second.Name];

    public Topology Build() =>
        Topology.Named("sim")
            .WithState(Counts)
            .WithTimers(TestTopics.Timers("sim.timers", Partitions))
            .From(First, Count)
            .From(Second, Count)
            .OnTimer(Reminder, (timer, context) => context.Send(Reminders, timer.Key, Tally.Of(1)))
            .To(Counted, Reminders)
            .DeadLettersTo(DeadLetters);

    public const string Unwritable = "unwritable";

    private void Count(Record<Tally> record, IProcessingContext context)
    {
        var total = (context.Get(Counts, record.Key)?.Count ?? 0) + record.Value.Count;
        // A null note does not fit the schema, which shows only when the state is written.
        context.Put(Counts, record.Key, Tally.Of(total, record.Value.Note == Unwritable ? null! : ""));
        context.Send(Counted, record.Key, Tally.Of(record.Value.Count, $"{record.Topic}/{record.Offset}/{total}"));
        context.Schedule(Reminder, $"{record.Topic}/{record.Partition}/{record.Offset}", context.Now + TimeSpan.FromMilliseconds(record.Value.Count));
        if (record.Value.Note == CountingTopology.Poison)
            throw new InvalidOperationException("poison");
    }
}
