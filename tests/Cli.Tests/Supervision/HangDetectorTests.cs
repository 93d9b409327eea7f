using Commerce.Streaming.Cli.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.Cli.Tests.Supervision;

public sealed class HangDetectorTests
{
    private readonly FakeTimeProvider _time = new();
    private long _ticks;
    private double _load = 1;

    [Fact]
    public void Silence_without_work_is_a_hang_after_the_short_limit()
    {
        var detector = Create();
        Ask(detector, HangDetector.QuestionsLimit - 1).ShouldBeFalse();
        _time.Advance(HangDetector.IdleSilenceLimit);
        detector.Silent().ShouldBeTrue();
    }

    [Fact]
    public void Silence_at_work_is_a_hang_after_the_long_limit()
    {
        var detector = Create();
        Ask(detector, HangDetector.QuestionsLimit);
        _time.Advance(HangDetector.IdleSilenceLimit);
        _ticks++;
        detector.Silent().ShouldBeFalse();
        _time.Advance(HangDetector.BusySilenceLimit);
        detector.Silent().ShouldBeTrue();
    }

    [Fact]
    public void Busy_machine_gives_more_time_to_those_at_work_only()
    {
        _load = 10;
        var working = Create();
        Ask(working, HangDetector.QuestionsLimit);
        _ticks++;
        var idle = Create();
        Ask(idle, HangDetector.QuestionsLimit);
        _time.Advance(HangDetector.BusySilenceLimit * 9);
        working.Silent().ShouldBeFalse();
        idle.Silent().ShouldBeTrue();
    }

    [Fact]
    public void Refused_connections_in_quick_succession_are_no_hang_yet() => Ask(Create(), 50).ShouldBeFalse();

    [Fact]
    public void Waking_from_a_long_sleep_is_no_hang()
    {
        var detector = Create();
        _time.Advance(TimeSpan.FromHours(8));
        detector.Silent().ShouldBeFalse();
        detector.Answered();
        detector.Silent().ShouldBeFalse();
    }

    [Theory]
    [InlineData("0.08 0.09 0.03 1/88 5323", 1)]
    [InlineData("8.00 0.09 0.03 1/88 5323", 4)]
    [InlineData("118.00 88.53 70.57 91/956 15145", 20)]
    public void Load_is_threads_per_core_within_bounds(string average, double expected) => MachineLoad.FactorOf(average, cores: 2).ShouldBe(expected);

    private HangDetector Create() => new(_time, () => _ticks, () => _load);

    private static bool Ask(HangDetector detector, int times)
    {
        var isHung = false;
        for (var time = 0; time < times; time++)
            isHung = detector.Silent();
        return isHung;
    }
}
