using Commerce.Streaming.Cli.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.Cli.Tests.Supervision;

public sealed class HangDetectorTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Silence_is_a_hang_after_the_limit_and_several_questions()
    {
        var detector = new HangDetector(_time);
        for (var question = 1; question < HangDetector.QuestionsLimit; question++)
        {
            _time.Advance(HangDetector.SilenceLimit);
            detector.Silent().ShouldBeFalse();
        }
        detector.Silent().ShouldBeTrue();
    }

    [Fact]
    public void Refused_connections_in_quick_succession_are_no_hang_yet()
    {
        var detector = new HangDetector(_time);
        for (var question = 0; question < 50; question++)
            detector.Silent().ShouldBeFalse();
    }

    [Fact]
    public void Waking_from_a_long_sleep_is_no_hang()
    {
        var detector = new HangDetector(_time);
        _time.Advance(TimeSpan.FromHours(8));
        detector.Silent().ShouldBeFalse();
        detector.Answered();
        detector.Silent().ShouldBeFalse();
    }
}
