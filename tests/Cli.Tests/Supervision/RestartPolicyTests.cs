using Commerce.Streaming.Cli.Supervision;

namespace Commerce.Streaming.Cli.Tests.Supervision;

public sealed class RestartPolicyTests
{
    private readonly RestartPolicy _policy = new();

    [Fact]
    public void First_restart_comes_almost_at_once() => _policy.PauseAfter(TimeSpan.FromHours(1)).ShouldBe(RestartPolicy.FirstPause);

    [Fact]
    public void Pauses_grow_while_it_keeps_dying_and_have_a_limit()
    {
        var pauses = Enumerable.Range(0, 20).Select(_ => _policy.PauseAfter(TimeSpan.FromSeconds(1))).ToList();
        pauses.ShouldBeInOrder();
        pauses[1].ShouldBeGreaterThan(pauses[0]);
        pauses[^1].ShouldBe(RestartPolicy.LongestPause);
    }

    [Fact]
    public void Long_life_is_forgiven()
    {
        for (var death = 0; death < 10; death++)
            _policy.PauseAfter(TimeSpan.Zero);
        _policy.PauseAfter(RestartPolicy.GoodLife).ShouldBe(RestartPolicy.FirstPause);
    }
}
