using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <param name="Alert">The alert's name.</param>
/// <param name="Broken">What was broken.</param>
/// <param name="FiredAfter">From the breaking on; null: it never did.</param>
/// <param name="OverAfter">From the mending on; null: it never was.</param>
/// <param name="Said">The description as it was sent.</param>
internal sealed record AlertOutcome(string Alert, string Broken, TimeSpan? FiredAfter, TimeSpan? OverAfter, string Said);

/// <summary>Breaks something, holds it until the alerts fire, mends it, and watches each alert to its end, others going on meanwhile.</summary>
/// <param name="only">What does not ring this alert is left whole; null: everything is broken.</param>
internal sealed class Breakage(LivePlatform platform, string? only)
{
    /// <summary>The longest window is six hours; the longest `for` an hour.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(20);

    private readonly ConcurrentBag<Task<AlertOutcome>> _watches = [];

    public Task<AlertOutcome[]> OutcomesAsync() => Task.WhenAll(_watches);

    /// <param name="breaks">Returns what mends.</param>
    /// <param name="hold">How long it stays broken at least.</param>
    /// <param name="during">Alerts that must fire before it is mended.</param>
    /// <param name="later">Alerts that fire before or after.</param>
    public async Task DoAsync(string what, Func<Task<IAsyncDisposable>> breaks, string[] during, string[] later, TimeSpan hold = default)
    {
        if (only is not null && !during.Concat(later).Contains(only))
            return;
        Say($"breaks: {what}");
        var mended = new TaskCompletionSource();
        var watch = Stopwatch.StartNew();
        var mend = await breaks();
        var fired = during.Select(alert => Watch(alert, what, mended.Task)).ToList();
        _ = later.Select(alert => Watch(alert, what, mended.Task)).ToList();
        await Task.WhenAll(fired);
        if (watch.Elapsed < hold)
            await Task.Delay(hold - watch.Elapsed, TestContext.Current.CancellationToken);
        await mend.DisposeAsync();
        Say($"mended: {what}");
        mended.SetResult();
    }

    /// <returns>Completes when the alert has fired.</returns>
    private Task Watch(string alert, string what, Task mended)
    {
        var fired = new TaskCompletionSource();
        _watches.Add(WatchAsync(alert, what, mended, fired));
        return fired.Task;
    }

    private async Task<AlertOutcome> WatchAsync(string alert, string what, Task mended, TaskCompletionSource fired)
    {
        var firedAfter = await platform.UntilAsync(alert, fires: true, LongestWait);
        var said = await platform.DescriptionAsync(alert);
        Say($"  {alert} {(firedAfter is { } after ? $"fires after {after.TotalSeconds:0} s: {said}" : "does not fire")}");
        fired.SetResult();
        await mended;
        var over = firedAfter is null ? null : await platform.UntilAsync(alert, fires: false, LongestWait);
        Say($"  {alert} {(over is { } end ? $"is over after {end.TotalSeconds:0} s" : "is not over")}");
        return new AlertOutcome(alert, what, firedAfter, over, said);
    }

    // The run takes a quarter of an hour: whoever waits wants to see something.
    public static void Say(FormattableString line) =>
        Console.Out.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {FormattableString.Invariant(line)}");
}

/// <summary>Mends by calling something.</summary>
internal sealed class Mend(Func<Task> mend) : IAsyncDisposable
{
    /// <summary>Time alone mends.</summary>
    public static IAsyncDisposable Nothing { get; } = new Mend(static () => Task.CompletedTask);

    public ValueTask DisposeAsync() => new(mend());
}
