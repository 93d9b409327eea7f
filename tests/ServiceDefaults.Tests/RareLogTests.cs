using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.ServiceDefaults.Tests;

public sealed class RareLogTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Twenty_complaints_a_second_for_ten_minutes_become_six_lines_that_count_the_others()
    {
        var log = new RareLog(_clock);
        long written = 0, counted = 0;
        for (var second = 0; second < 600; second++)
        {
            for (var each = 0; each < 20; each++)
            {
                if (!log.Passes("refused", out var leftOut))
                    continue;
                written++;
                counted += leftOut + 1;
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        written.ShouldBe(6); // at 0, 10, 30, 70, 150, 310 s
        counted.ShouldBe(310 * 20 + 1);
    }

    [Fact]
    public void Kinds_are_told_apart_and_after_a_long_silence_the_first_passes_again()
    {
        var log = new RareLog(_clock);
        log.Passes("refused", out _).ShouldBeTrue();
        log.Passes("timed out", out _).ShouldBeTrue();
        log.Passes("refused", out _).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromHours(1));
        log.Passes("refused", out var leftOut).ShouldBeTrue();
        leftOut.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(11));
        log.Passes("refused", out _).ShouldBeTrue();
    }

    [Fact]
    public void More_kinds_than_are_kept_share_one()
    {
        var log = new RareLog(_clock);
        Enumerable.Range(0, 10_000).Count(each => log.Passes($"kind {each}", out _)).ShouldBe(65);
    }
}
