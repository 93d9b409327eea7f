namespace Commerce.Streaming.Processing.Runtime;

/// <summary>Lets a few lines through per interval: a broken release may make every record a dead letter, and metrics count them all.</summary>
internal sealed class LogLimit(TimeProvider clock)
{
    private const int LinesPerIntervalMax = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _intervalStart = clock.GetTimestamp();
    private int _lines;
    private long _kept;

    /// <param name="kept">Lines not let through since the last one that was.</param>
    public bool Allows(out long kept)
    {
        if (clock.GetElapsedTime(_intervalStart) > Interval)
        {
            _intervalStart = clock.GetTimestamp();
            _lines = 0;
        }

        kept = _kept;
        if (_lines >= LinesPerIntervalMax)
        {
            _kept++;
            return false;
        }

        _lines++;
        _kept = 0;
        return true;
    }
}
