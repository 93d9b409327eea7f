using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Driver;

public sealed class TimerTests
{
    private static readonly TopologyTimer Wall = TopologyTimer.InProcessingTime("wall");
    private static readonly TopologyTimer Stream = TopologyTimer.InStreamTime("stream");
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Topic<Tally> _input = TestTopics.Tallies("timer.in");
    private readonly Topic<Tally> _output = TestTopics.Tallies("timer.out");
    private readonly TopologyTestDriver _driver;
    private Action<DueTimer, IProcessingContext> _onTimer;

    public TimerTests()
    {
        _onTimer = (timer, context) => context.Send(_output, timer.Key, Tally.Of((long)(timer.DueAt - Start).TotalMilliseconds));
        var topology = Topology.Named("timer")
            .WithTimers(TestTopics.Timers("timer.timers"))
            .From(_input, OnRecord)
            .OnTimer(Wall, (timer, context) => _onTimer(timer, context))
            .OnTimer(Stream, (timer, context) => _onTimer(timer, context))
            .To(_output)
            .DeadLettersTo(TestTopics.DeadLetters("timer.dlq"));
        _driver = new TopologyTestDriver(topology, Start);
    }

    /// <summary>Note: "wall", "stream" or "cancel"; count: milliseconds from now.</summary>
    private static void OnRecord(Record<Tally> record, IProcessingContext context)
    {
        var after = TimeSpan.FromMilliseconds(record.Value.Count);
        switch (record.Value.Note)
        {
            case "wall":
                context.Schedule(Wall, record.Key, context.Now + after);
                break;
            case "stream":
                context.Schedule(Stream, record.Key, context.StreamTime + after);
                break;
            case "cancel":
                context.Cancel(Wall, record.Key);
                break;
            case "poison":
                context.Schedule(Wall, record.Key, context.Now);
                throw new RejectedRecordException("test");
        }
    }

    [Fact]
    public void Wall_clock_timers_fire_when_due_once_and_in_order()
    {
        In("b", 20, "wall");
        In("a", 10, "wall");
        In("c", 30, "wall");

        _driver.AdvanceTime(TimeSpan.FromMilliseconds(25));
        Out().ShouldBe([("a", 10), ("b", 20)]);
        _driver.AdvanceTime(TimeSpan.FromHours(1));
        Out().ShouldBe([("c", 30)]);
    }

    [Fact]
    public void Setting_a_timer_again_moves_it_and_cancelling_takes_it_back()
    {
        In("a", 10, "wall");
        In("a", 50, "wall");
        In("b", 10, "wall");
        In("b", 0, "cancel");

        _driver.AdvanceTime(TimeSpan.FromMilliseconds(40));
        Out().ShouldBeEmpty();
        _driver.AdvanceTime(TimeSpan.FromMilliseconds(40));
        Out().ShouldBe([("a", 50)]);
    }

    [Fact]
    public void Timers_survive_a_restart_and_do_not_fire_early()
    {
        _driver.AdvanceTime(TimeSpan.FromTicks(1));
        In("a", 10, "wall");
        _driver.Restart();

        _driver.AdvanceTime(TimeSpan.FromMilliseconds(10));
        // Scheduled for 10 ms and one tick: the changelog keeps milliseconds, rounded up.
        Out().ShouldBeEmpty();
        _driver.AdvanceTime(TimeSpan.FromMilliseconds(1));
        Out().ShouldBe([("a", 11)]);
    }

    [Fact]
    public void Stream_time_timers_fire_before_the_record_that_passes_them()
    {
        _driver.PipeIn(_input, "a", Tally.Of(1_000, "stream"), Start);
        _driver.AdvanceTime(TimeSpan.FromDays(1));
        Out().ShouldBeEmpty("the wall clock does not move them");

        _driver.PipeIn(_input, "a", Tally.Of(1_000, "stream"), Start.AddMilliseconds(1_500));

        Out().ShouldBe([("a", 1_000)]);
        _driver.PipeIn(_input, "a", Tally.Of(0, ""), Start.AddMilliseconds(2_499));
        Out().ShouldBeEmpty("the record has set it anew, to 2,500");
    }

    [Fact]
    public void A_timer_of_a_poison_record_is_undone()
    {
        In("a", 0, "poison");
        _driver.AdvanceTime(TimeSpan.FromSeconds(1));

        Out().ShouldBeEmpty();
        _driver.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe("test");
    }

    [Fact]
    public void A_timer_whose_handler_throws_is_a_dead_letter_and_gone()
    {
        _onTimer = (_, _) => throw new InvalidOperationException();
        In("a", 10, "wall");
        _driver.AdvanceTime(TimeSpan.FromSeconds(1));
        _driver.AdvanceTime(TimeSpan.FromSeconds(1));

        var letter = _driver.DeadLetters.ShouldHaveSingleItem();
        letter.Reason.ShouldBe(DeadLetterReasons.Timer);
        letter.Key.ShouldBe("a"u8.ToArray());
    }

    [Fact]
    public void A_timer_may_set_itself_again()
    {
        var left = 3;
        _onTimer = (timer, context) =>
        {
            context.Send(_output, timer.Key, Tally.Of(left));
            if (--left > 0)
                context.Schedule(Wall, timer.Key, timer.DueAt.AddMilliseconds(10));
        };
        In("a", 10, "wall");
        _driver.AdvanceTime(TimeSpan.FromSeconds(1));

        Out().ShouldBe([("a", 3), ("a", 2), ("a", 1)]);
    }

    private void In(string key, long count, string note) => _driver.PipeIn(_input, key, Tally.Of(count, note));

    private IEnumerable<(string, long)> Out() => [.. _driver.Read(_output).Select(record => (record.Key, record.Value!.Count))];
}
