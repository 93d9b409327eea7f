using System.Diagnostics;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>Takes the time from the first record to the last.</summary>
internal sealed class RecordClock(int records)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = new();
    private int _seen;

    public Task Done => _done.Task;

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Called with each record, by one thread.</summary>
    public void Saw()
    {
        if (_seen++ == 0)
            _clock.Start();
        if (_seen == records)
        {
            _clock.Stop();
            _done.TrySetResult();
        }
    }
}
