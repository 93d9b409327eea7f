using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Trace;

namespace Commerce.Streaming.ServiceDefaults.Tests;

public sealed class FloorSamplerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_first_trace_of_every_interval_is_kept_whatever_the_share()
    {
        var sampler = new FloorSampler(new TraceIdRatioBasedSampler(0), TimeSpan.FromSeconds(1), _time);
        Kept(sampler).ShouldBe([true, false, false]);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Kept(sampler).ShouldBe([false, false, false]);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Kept(sampler).ShouldBe([true, false, false]);
    }

    [Fact]
    public void Without_an_interval_the_share_decides_alone() =>
        Kept(new FloorSampler(new TraceIdRatioBasedSampler(0), TimeSpan.Zero, _time)).ShouldBe([false, false, false]);

    [Fact]
    public void The_share_is_kept_beyond_the_floor() =>
        Kept(new FloorSampler(new TraceIdRatioBasedSampler(1), TimeSpan.FromSeconds(1), _time)).ShouldBe([true, true, true]);

    [Fact]
    public void What_a_service_asks_by_itself_does_not_use_up_the_floor()
    {
        var sampler = new FloorSampler(new TraceIdRatioBasedSampler(0), TimeSpan.FromSeconds(1), _time);
        Kept(sampler, ActivityKind.Client).ShouldBe([false, false, false]);
        Kept(sampler).ShouldBe([true, false, false]);
    }

    private static IEnumerable<bool> Kept(Sampler sampler, ActivityKind kind = ActivityKind.Server) => [.. Enumerable.Range(0, 3).Select(_ =>
        sampler.ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), "GET /", kind)).Decision
            == SamplingDecision.RecordAndSample)];
}
