namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>A shop that never stops: thirty calls a second, a third of them orders, of a product that there is plenty of.</summary>
internal sealed class LiveTraffic : IAsyncDisposable
{
    public const string Sku = "ALWAYS-THERE";
    private const int Plenty = 1_000_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly LivePlatform _platform;
    private readonly Task _sending;

    public LiveTraffic(LivePlatform platform)
    {
        _platform = platform;
        _sending = Task.Run(SendAsync);
    }

    public static object Viewed(string visitor) => new { type = "track", anonymousId = visitor, @event = "Product Viewed", properties = new { sku = Sku } };

    public static object Ordered(string id, string sku, int quantity = 1) => new
    {
        type = "track", userId = "buyer-" + id, @event = "Order Completed",
        properties = new
        {
            order_id = id, currency = "EUR", total = 10.5m * quantity,
            products = new[] { new { product_id = sku, sku, name = sku, price = 10.5m, quantity } },
        },
    };

    public static object Received(string sku, int quantity) =>
        new { type = "track", anonymousId = "stock", @event = "Stock Received", properties = new { sku, quantity, reference = "PO-1" } };

    /// <summary>An event that the shop's tracking plan does not have: it is quarantined.</summary>
    public static object Unplanned(string visitor) => new { type = "track", anonymousId = visitor, @event = "Nobody Planned This" };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        await _platform.SendAsync(Received(Sku, Plenty));
        var underWay = new List<Task>();
        for (var round = 0; !_stop.IsCancellationRequested; round++)
        {
            underWay.RemoveAll(request => request.IsCompleted);
            // While nobody answers, a shop does not pile up requests without end either.
            if (underWay.Count < 100)
                underWay.Add(_platform.SendAsync(Viewed($"v{round % 500}"), Viewed($"w{round % 500}"), Ordered($"live-{Environment.ProcessId}-{round}", Sku)));
            await Task.Delay(Pace, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(underWay);
    }
}
