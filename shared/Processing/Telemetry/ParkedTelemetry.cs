using System.Diagnostics.Metrics;
using Commerce.Processing;
using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>How many letters wait, and for how long. Counted by the loop between transactions, read by whoever collects metrics.</summary>
internal sealed class ParkedTelemetry
{
    /// <summary>Thousands of keys may be parked: counting them must not show.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private long? _lookedAt;
    private volatile Count _count = new(0, 0, null);

    public ParkedTelemetry(Meter meter, string topology, TimeProvider clock)
    {
        _clock = clock;
        var tag = new KeyValuePair<string, object?>(MessagingNames.Topology, topology);
        meter.CreateObservableGauge(
            MessagingNames.ParkedKeys, () => new Measurement<long>(_count.Lines, tag), "{key}",
            "Keys that are parked; where keys are not parked, letters that can be retried.");
        meter.CreateObservableGauge(MessagingNames.ParkedLetters, () => new Measurement<long>(_count.Letters, tag), "{message}", "Dead letters that wait to be retried.");
        meter.CreateObservableGauge(
            MessagingNames.ParkedAge,
            () => new Measurement<double>(_count.Since is { } since ? Math.Max(0, (_clock.GetUtcNow() - since).TotalSeconds) : 0, tag), "s",
            "Time since the first letter that still waits failed.");
    }

    /// <summary>Counts anew, if the last time is long enough ago.</summary>
    public void Look(IEnumerable<PartitionTask> tasks)
    {
        if (_lookedAt is { } last && _clock.GetElapsedTime(last) < LookInterval)
            return;
        _lookedAt = _clock.GetTimestamp();
        var (lines, letters) = (0L, 0L);
        DateTimeOffset? since = null;
        foreach (var (_, entry) in tasks.Where(task => task.Lines is { Count: > 0 }).SelectMany(task => task.Lines!.Entries()))
        {
            var line = (ParkedKey)entry;
            lines++;
            letters += line.Last - line.Next + 1;
            since = line.Since < (since ?? DateTimeOffset.MaxValue) ? line.Since : since;
        }

        if (lines > 0 || _count.Lines > 0)
            _count = new Count(lines, letters, since);
    }

    private sealed record Count(long Lines, long Letters, DateTimeOffset? Since);
}
