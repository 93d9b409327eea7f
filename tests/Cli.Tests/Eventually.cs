namespace Commerce.Streaming.Cli.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the condition of a real process.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(Limit, what);
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
