namespace Commerce.Streaming.EventSender;

/// <summary>
/// Sends a stream in its order: one request at a time, so that a repeated request can overtake nothing, while the next body is
/// already being written.
/// </summary>
public sealed class CallSender(HttpClient http, SendOptions options, TimeProvider time)
{
    private readonly ApiClient _api = new(http, options, time);

    /// <summary>Sends what <paramref name="from"/> has not acknowledged yet.</summary>
    /// <param name="onAcknowledged">Called after every acknowledged request: the moment to save the state.</param>
    /// <returns>The state after the last call.</returns>
    /// <exception cref="SendFailedException">The API does not take it; what was acknowledged has been reported.</exception>
    public async Task<SendState> RunAsync(
        ICallStream calls,
        SendState from,
        Action<SendState> onAcknowledged,
        IProgress<SendProgress> progress,
        CancellationToken cancellation)
    {
        var state = from;
        if (state.Position >= calls.Count)
            return state;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pace = new Pace(options.Speed, calls.TimeOf(state.Position), time);
        using var one = new CallBatch();
        using var other = new CallBatch();
        var (current, next) = (one, other);
        await FillAsync(current, calls, state.Position, pace, cancellation);
        while (true)
        {
            var at = calls.TimeOf(current.Next - 1);
            var delivery = _api.DeliverAsync(current, why => progress.Report(new SendProgress(state, at, why)), cancellation);
            var filled = current.Next < calls.Count
                ? FillAsync(next, calls, current.Next, pace, stop.Token)
                : Task.CompletedTask;
            var (refused, retries) = await BothOrNeitherAsync(delivery, filled, stop);
            state = Acknowledge(state, calls, current, refused, retries);
            onAcknowledged(state);
            progress.Report(new SendProgress(state, at, null));
            await filled;
            if (state.Position >= calls.Count)
                return state;
            (current, next) = (next, current);
        }
    }

    private async Task FillAsync(CallBatch batch, ICallStream calls, int first, Pace pace, CancellationToken cancellation)
    {
        var until = await pace.DueAsync(calls.TimeOf(first), cancellation);
        await Task.Run(() => batch.Fill(calls, first, until, options), cancellation);
    }

    /// <summary>When the delivery fails, the writing of the next body ends before its buffer does.</summary>
    private static async Task<T> BothOrNeitherAsync<T>(Task<T> delivery, Task filled, CancellationTokenSource stop)
    {
        try
        {
            return await delivery;
        }
        catch
        {
            await stop.CancelAsync();
            await filled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static SendState Acknowledge(
        SendState state, ICallStream calls, CallBatch batch, IReadOnlyList<RefusedEvent> refused, int retries)
    {
        var unexpected = refused.Where(each => !calls.RefusalIsExpected(batch.First + each.Index)).ToList();
        var kept = unexpected
            .Take(Math.Max(0, SendState.RefusalsKeptMax - state.Refusals.Count))
            .Select(each => new Refusal(batch.First + each.Index, each.Status, each.Reason, each.Detail));
        return state with
        {
            Position = batch.Next,
            Accepted = state.Accepted + batch.Next - batch.First - refused.Count,
            RefusedAsExpected = state.RefusedAsExpected + refused.Count - unexpected.Count,
            RefusedUnexpectedly = state.RefusedUnexpectedly + unexpected.Count,
            Refusals = [.. state.Refusals, .. kept],
            Retries = state.Retries + retries,
        };
    }
}
