using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Tests.Supervision;

public sealed class ProcessSnapshotTests
{
    [Fact]
    public void This_process_is_alive_under_its_start_time_only()
    {
        var own = ProcessSnapshot.Of(Environment.ProcessId).ShouldNotBeNull();
        own.ResidentBytes.ShouldBeGreaterThan(1_000_000);
        ProcessSnapshot.IsAlive(Environment.ProcessId, own.StartTicks).ShouldBeTrue();
        ProcessSnapshot.IsAlive(Environment.ProcessId, own.StartTicks + 1).ShouldBeFalse();
    }

    [Fact]
    public void Missing_process_has_no_snapshot() => ProcessSnapshot.Of(int.MaxValue).ShouldBeNull();
}
