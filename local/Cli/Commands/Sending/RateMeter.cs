namespace Commerce.Streaming.Cli.Commands.Sending;

/// <summary>Calls for each second over the last seconds.</summary>
internal sealed class RateMeter(int start, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly Queue<(long At, int Position)> _samples = new([(time.GetTimestamp(), start)]);

    public double Take(int position)
    {
        var now = time.GetTimestamp();
        _samples.Enqueue((now, position));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().At, now) > Window)
            _samples.Dequeue();
        var (at, from) = _samples.Peek();
        var elapsed = time.GetElapsedTime(at, now).TotalSeconds;
        return elapsed > 0 ? (position - from) / elapsed : 0;
    }
}
