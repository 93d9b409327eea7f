using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.CompactedTopics.Tests;

public sealed class ReadingProgressTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ReadingProgress _progress;

    public ReadingProgressTests() => _progress = new ReadingProgress(_clock, new CompactedTopicOptions { StaleSecondsMax = 30, StuckSecondsMax = 120 });

    [Fact]
    public void Is_complete_once_every_partition_is_read_to_where_it_ended()
    {
        _progress.HasCaughtUp.ShouldBeFalse();
        Ends(2, 0);
        (_progress.HasCaughtUp, _progress.Behind, _progress.IsStale).ShouldBe((false, 1, false));
        _progress.Read(0, 2);
        (_progress.HasCaughtUp, _progress.Behind).ShouldBe((true, 0));
    }

    [Fact]
    public void Turns_stale_when_it_falls_behind_and_fresh_when_it_has_caught_up()
    {
        CatchUp();
        for (var asked = 0; asked < 7; asked++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            Ends(100 + asked, 0);
        }

        _progress.IsStale.ShouldBeTrue();
        _progress.Read(0, 100);
        Ends(106, 0);
        _progress.Read(0, 106);
        _progress.IsStale.ShouldBeFalse();
    }

    [Fact]
    public void Is_never_stale_on_a_topic_that_never_rests_but_is_kept_up_with()
    {
        CatchUp();
        for (long end = 10; end < 500; end += 10)
        {
            Ends(end, 0);
            _clock.Advance(TimeSpan.FromSeconds(5));
            _progress.Read(0, end + 3);
            _progress.IsStale.ShouldBeFalse();
        }
    }

    [Fact]
    public void Turns_stale_but_not_stuck_when_Kafka_says_nothing_any_more()
    {
        CatchUp();
        _clock.Advance(TimeSpan.FromSeconds(300));
        (_progress.IsStale, _progress.IsStuck).ShouldBe((true, false));
    }

    [Fact]
    public void Is_stuck_when_Kafka_answers_that_there_is_more_and_nothing_comes()
    {
        CatchUp();
        for (var seconds = 0; seconds < 120; seconds += 5)
        {
            Ends(50, 0);
            _progress.IsStuck.ShouldBeFalse();
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        Ends(50, 0);
        _progress.IsStuck.ShouldBeTrue();
        _progress.Read(0, 4);
        _progress.IsStuck.ShouldBeFalse();
    }

    private void CatchUp()
    {
        Ends(3, 0);
        _progress.Read(0, 3);
        _progress.HasCaughtUp.ShouldBeTrue();
    }

    private void Ends(long first, long second) => _progress.Ends(new Dictionary<int, long> { [0] = first, [1] = second });
}
