using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>
/// Keeps a share of the traces and, so that a quiet service is seen as well, the first request after every <paramref name="interval"/>
/// whatever the share says. What a service asks of others by itself, such as a probe of the registry, has the share alone: it would
/// use up what is meant for requests. The idea is that of Jaeger's guaranteed-throughput sampler (a probability with a lower bound).
/// </summary>
/// <param name="share">Sampler that decides by the trace's id.</param>
/// <param name="interval">Time in which one trace is kept at least. Zero: no lower bound.</param>
internal sealed class FloorSampler(TraceIdRatioBasedSampler share, TimeSpan interval, TimeProvider time) : Sampler
{
    private long _lastKept = time.GetTimestamp() - (long)(interval.TotalSeconds * time.TimestampFrequency);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var byShare = share.ShouldSample(in samplingParameters);
        if (byShare.Decision == SamplingDecision.RecordAndSample || samplingParameters.Kind != ActivityKind.Server)
            return byShare;
        return IsDue() ? new SamplingResult(SamplingDecision.RecordAndSample) : byShare;
    }

    private bool IsDue()
    {
        if (interval <= TimeSpan.Zero)
            return false;
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref _lastKept);
        // Of requests that arrive together only one wins.
        return time.GetElapsedTime(last, now) >= interval && Interlocked.CompareExchange(ref _lastKept, now, last) == last;
    }
}
