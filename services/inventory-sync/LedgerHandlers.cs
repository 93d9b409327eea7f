using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>Commands and lapses to the ledger, and what it says to the topics.</summary>
public sealed class LedgerHandlers(TimeSpan commandsRemembered, ReservationRules rules)
{
    public void OnCommand(Record<StockCommand> record, IProcessingContext context)
    {
        var command = record.Value;
        if (CommandRules.FaultOf(command) is { } fault)
            throw new RejectedRecordException(fault);
        var sku = SkuKeys.Of(command.Platform, command.Sku);
        // Another key leads to another partition, and so to a second writer of the SKU.
        if (record.Key != sku)
            throw new RejectedRecordException("key_is_not_the_sku");
        Send(sku, Ledger.Apply(new StoredSku(context, sku, commandsRemembered), command, rules, context.Now), context);
    }

    public void OnReservationDue(DueTimer timer, IProcessingContext context)
    {
        var (platform, sku, reservationId) = SkuKeys.Split(timer.Key);
        var key = SkuKeys.Of(platform, sku);
        Send(key, Ledger.Expire(new StoredSku(context, key, commandsRemembered), platform, sku, reservationId, rules, context.Now), context);
    }

    public static void OnCommandForgotten(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Applied, timer.Key);

    private static void Send(string sku, Outcome outcome, IProcessingContext context)
    {
        foreach (var movement in outcome.Movements)
        {
            context.Send(Topics.InventoryStockMovements, sku, movement);
            InventoryMetrics.Moved.Add(1, InventoryMetrics.Kind(movement.Kind));
        }

        if (outcome.Decision is { } decision)
        {
            context.Send(Topics.InventoryReservationResults, decision.ReservationId, decision);
            InventoryMetrics.Decided.Add(1, InventoryMetrics.Result(decision.Outcome));
        }

        if (outcome.UnitsOwed > 0)
            InventoryMetrics.Owed.Add(outcome.UnitsOwed);
        if (outcome.Availability is { } availability)
            context.Send(Topics.InventoryStockAvailability, sku, availability);
    }
}
