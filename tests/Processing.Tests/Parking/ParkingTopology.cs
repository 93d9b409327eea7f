using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Parking;

/// <summary>Sums by key, fails on request until it is repaired, and parks the keys whose records fail.</summary>
public abstract class ParkingTopology
{
    private protected const int Bad = -1;

    private protected Topic<Tally> Input { get; } = TestTopics.Tallies("parking.in");

    private protected Topic<Tally> Second { get; } = TestTopics.Tallies("parking.second");

    private protected Topic<Tally> Output { get; } = TestTopics.Tallies("parking.out");

    private protected Store<Tally> Sums { get; } = new("sums", TestTopics.Tallies("parking.sums", compact: true));

    private protected TopologyTimer Later { get; } = TopologyTimer.InProcessingTime("later");

    private protected bool IsRepaired { get; set; }

    private protected void Fail(TopologyTestDriver driver, string reason)
    {
        if (reason == DeadLetterReasons.Deserialization)
            driver.PipeInRaw(Input, "a"u8.ToArray(), [9, 9]);
        else if (reason == DeadLetterReasons.UnexpectedDeletion)
            driver.PipeInDeletion(Input, "a");
        else
            driver.PipeIn(Input, "a", Tally.Of(1, reason));
    }

    private protected TopologyTestDriver Parked(params int[] behind)
    {
        var driver = Driver();
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        foreach (var count in behind)
            driver.PipeIn(Input, "a", Tally.Of(count));
        Outputs(driver).ShouldBeEmpty();
        return driver;
    }

    private protected TopologyTestDriver Driver(Action<Record<Tally>>? onRecord = null, Sealing? sealing = null) => new(Build(onRecord, sealing));

    private protected Topology Build(Action<Record<Tally>>? onRecord = null, Sealing? sealing = null)
    {
        void Handle(Record<Tally> record, IProcessingContext context)
        {
            onRecord?.Invoke(record);
            Add(record, context);
        }

        return Topology.Named("parking")
            .WithState(Sums)
            .WithTimers(TestTopics.Timers("parking.timers"))
            .From(Input, Handle)
            .From(Second, Handle)
            .OnTimer(Later, (timer, context) => context.Send(Output, "timer " + timer.Key, Tally.Of(timer.DueAt.ToUnixTimeMilliseconds())))
            .To(Output)
            .DeadLettersTo(TestTopics.DeadLetters("parking.dlq"), sealing)
            .ParkingKeys(TestTopics.Parked("parking.parked"), TestTopics.Retries("parking.retries"), "named");
    }

    private protected void Add(Record<Tally> record, IProcessingContext context)
    {
        var (count, note) = (record.Value.Count, record.Value.Note);
        var sum = (context.Get(Sums, record.Key)?.Count ?? 0) + (count == Bad ? 10 : count);
        context.Put(Sums, record.Key, Tally.Of(sum, note == DeadLetterReasons.Serialization ? null! : ""));
        context.Send(Output, record.Key, Tally.Of(sum, note == DeadLetterReasons.TooLarge ? new string('x', 2_000_000) : ""));
        if (note is "refused" or "named")
            throw new RejectedRecordException(note);
        if (note == "timer")
            context.Schedule(Later, record.Key, context.Now + TimeSpan.FromMinutes(1));
        if (note == "cancel")
            context.Cancel(Later, record.Key);
        ThrowWhenBad(record.Value);
    }

    private protected void ThrowWhenBad(Tally tally)
    {
        if (tally.Count == Bad && !IsRepaired)
            throw new InvalidOperationException("bad");
    }

    private protected List<string> Outputs(TopologyTestDriver driver) =>
        [.. driver.Read(Output).Select(output => output.Key.StartsWith("timer", StringComparison.Ordinal) ? output.Key : $"{output.Key}={output.Value!.Count}")];
}
