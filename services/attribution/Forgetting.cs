using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution;

/// <summary>Ends what was kept long enough. Credits that were stated stay as they are.</summary>
public sealed class Forgetting(CreditRules rules)
{
    public static void OnOwnerDue(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Owners, timer.Key);

    public static void OnShownDue(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Shown, timer.Key);

    public static void OnOrderDue(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Orders, timer.Key);

    /// <summary>A refund splits its order anew: the touches that count for it must be there as long as it is.</summary>
    public void OnTouchDue(DueTimer timer, IProcessingContext context)
    {
        if (context.Get(Stores.Touches, timer.Key) is not { } touch) return;
        var orders = new StoredJourneys(context, rules).Orders(StoredJourneys.ProfileOf(timer.Key));
        if (orders.Any(order => Credits.Covers(touch, order, rules)))
            context.Schedule(Timers.Touch, timer.Key, context.Now + rules.Lookback);
        else
            context.Delete(Stores.Touches, timer.Key);
    }

    /// <summary>A decision holds for whatever the profile has; when that is gone, what is captured from then on carries its own consent.</summary>
    public void OnJourneyDue(DueTimer timer, IProcessingContext context)
    {
        if (context.Get(Stores.Journeys, timer.Key) is not { } journey) return;
        var journeys = new StoredJourneys(context, rules);
        if (journey.MergedInto is null && (journeys.Orders(timer.Key).Count > 0 || journeys.Touches(timer.Key).Count > 0))
            context.Schedule(Timers.Journey, timer.Key, context.Now + rules.Lookback);
        else
            context.Delete(Stores.Journeys, timer.Key);
    }
}
