using Commerce.Processing;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Parking;

/// <summary>Timers of a parked key.</summary>
public sealed class HeldTimerTests : ParkingTopology
{
    [Fact]
    public void Timers_of_a_parked_key_wait_until_it_is_free_and_others_fire()
    {
        var driver = Driver();
        driver.PipeIn(Input, "a", Tally.Of(1, "timer"));
        driver.PipeIn(Input, "b", Tally.Of(1, "timer"));
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        var due = driver.Now + TimeSpan.FromMinutes(1);
        driver.AdvanceTime(TimeSpan.FromMinutes(10));
        Outputs(driver).ShouldBe(["a=1", "b=1", "timer b"]);

        driver.Restart();
        driver.AdvanceTime(TimeSpan.FromMinutes(10));
        Outputs(driver).ShouldBeEmpty();
        IsRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.AdvanceTime(TimeSpan.Zero);
        Outputs(driver).ShouldBe(["a=11", "timer a"]);
        driver.All(Output)[^1].Value!.Count.ShouldBe(due.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_timer_that_a_retry_takes_back_does_not_fire()
    {
        var driver = Driver();
        driver.PipeIn(Input, "a", Tally.Of(1, "timer"));
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        driver.PipeIn(Input, "a", Tally.Of(1, "cancel"));
        driver.AdvanceTime(TimeSpan.FromMinutes(10));
        IsRepaired = true;
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);
        driver.AdvanceTime(TimeSpan.FromMinutes(10));

        Outputs(driver).ShouldBe(["a=1", "a=11", "a=12"]);
    }

    [Fact]
    public void A_timer_that_was_held_for_a_line_that_was_never_committed_fires()
    {
        var serdes = new PlainAvroSerdes();
        var entries = new StateStore<TimerEntry>(TimerStore.Definition(TestTopics.Timers("parking.timers")), serdes.For(TestTopics.Timers("parking.timers")));
        var lines = new StateStore<ParkedKey>(new Store<ParkedKey>("parked", TestTopics.Parked("parking.parked")), serdes.For(TestTopics.Parked("parking.parked")));
        var timers = new TimerStore(entries, lines);
        timers.Schedule(Later, "a", DateTimeOffset.UnixEpoch);
        entries.AcceptRecord();
        entries.AcceptTransaction();
        timers.AcceptRecord();
        timers.AcceptTransaction();

        lines.Put("a", new ParkedKey { Line = "parking.in/0/1", Next = 1, Last = 1, Reason = "handler", Attempts = 1, Since = DateTimeOffset.UnixEpoch });
        lines.AcceptRecord();
        timers.TakeDue(TimerClock.ProcessingTime, DateTimeOffset.UnixEpoch).ShouldBeNull();
        lines.RollbackTransaction();
        timers.RollbackTransaction();

        timers.TakeDue(TimerClock.ProcessingTime, DateTimeOffset.UnixEpoch)!.Key.ShouldBe("a");
    }
}
