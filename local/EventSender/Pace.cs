namespace Commerce.Streaming.EventSender;

/// <summary>Maps event time to the clock on the wall.</summary>
/// <param name="speed">Event seconds for each second; null for no waiting.</param>
/// <param name="origin">Event time that is now.</param>
internal sealed class Pace(double? speed, DateTimeOffset origin, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Waits until an event is due.</summary>
    /// <returns>The event time that has been reached: what is not later can go too.</returns>
    public async Task<DateTimeOffset> DueAsync(DateTimeOffset eventTime, CancellationToken cancellation)
    {
        if (speed is not { } factor)
            return DateTimeOffset.MaxValue;
        var due = (eventTime - origin) / factor;
        var wait = due - time.GetElapsedTime(_started);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellation);
        var reached = origin + time.GetElapsedTime(_started) * factor;
        return reached > eventTime ? reached : eventTime;
    }
}
