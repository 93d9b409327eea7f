using Commerce.Attribution;
using Commerce.Identity;
using Commerce.Orders;
using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution;

/// <summary>Carries records to the rules and what follows to the log.</summary>
public sealed class AttributionHandlers(ChannelRules channels, CreditRules rules)
{
    public void OnCompleted(Record<OrderCompleted> record, IProcessingContext context) =>
        Own(record.Key, context, known => Ownership.Complete(known, record.Value));

    public void OnRefunded(Record<OrderRefunded> record, IProcessingContext context) =>
        Own(record.Key, context, known => Ownership.Refund(known, record.Value, rules));

    public void OnEvent(Record<ResolvedEvent> record, IProcessingContext context)
    {
        if (Arrivals.Of(record.Value, channels) is { } arrived)
            Send(Crediting.Receive(arrived, new StoredJourneys(context, rules), rules), context);
    }

    public void OnHandover(Record<StateHandover> record, IProcessingContext context) =>
        Send(Crediting.Receive(record.Value, new StoredJourneys(context, rules), rules), context);

    public void OnMerged(Record<ProfileMerged> record, IProcessingContext context) =>
        Send(Crediting.Merge(record.Value, new StoredJourneys(context, rules), rules), context);

    /// <summary>The newest statement of an order is shown; it comes back here because the order's partition, unlike the profile's, never changes.</summary>
    public void OnCredited(Record<OrderCredited> record, IProcessingContext context)
    {
        var before = context.Get(Stores.Shown, record.Key);
        if (record.Value.Version <= (before?.Version ?? 0)) return;
        context.Put(Stores.Shown, record.Key, CreditsView.Show(record.Value));
        if (before is null) context.Schedule(Timers.Shown, record.Key, context.Now + rules.RefundWindow);
    }

    private void Own(string orderKey, IProcessingContext context, Func<OrderOwner?, OwnershipStep> step)
    {
        var before = context.Get(Stores.Owners, orderKey);
        var result = step(before);
        if (result.Refused is { } reason) throw new RejectedRecordException(reason);
        if (result.Next is not null)
        {
            context.Put(Stores.Owners, orderKey, result.Next);
            // The window is the order's: a refund that came before it waits as long, one that comes after it does not extend it.
            if (before is null || (before.Path is null && result.Next.Path is not null)) context.Schedule(Timers.Owner, orderKey, context.Now + rules.RefundWindow);
        }
        if (result.Sent is not null) context.Send(Topics.AttributionHandovers, result.Sent.To, result.Sent);
    }

    private static void Send(Outcome outcome, IProcessingContext context)
    {
        foreach (var handover in outcome.HandedOver) context.Send(Topics.AttributionHandovers, handover.To, handover);
        foreach (var credited in outcome.Credited)
        {
            context.Send(Topics.AttributionCredits, OrderPaths.Key(credited.Platform, credited.OrderId), credited);
            AttributionMetrics.Stated.Add(1, AttributionMetrics.Cause(credited.Cause));
        }
        AttributionMetrics.HandedOver.Add(outcome.HandedOver.Count);
        AttributionMetrics.TouchesForgotten.Add(outcome.Forgotten);
    }
}
