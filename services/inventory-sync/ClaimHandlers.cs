using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>Orders and refunds to commands.</summary>
public sealed class ClaimHandlers(TimeSpan remembered)
{
    public void OnCompleted(Record<OrderCompleted> record, IProcessingContext context) =>
        ClaimOnce(Claims.KeyOf(record.Value), Claims.Of(record.Value), record.Value.Timestamp, context);

    public void OnRefunded(Record<OrderRefunded> record, IProcessingContext context) =>
        ClaimOnce(Claims.KeyOf(record.Value), Claims.Of(record.Value), record.Value.Timestamp, context);

    public static void OnForgotten(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Claims, timer.Key);

    private void ClaimOnce(string key, IReadOnlyList<StockCommand> commands, DateTimeOffset claimedAt, IProcessingContext context)
    {
        if (context.Get(Stores.Claims, key) is not null)
            return;
        foreach (var command in commands)
            context.Send(Topics.InventoryStockCommands, SkuKeys.Of(command.Platform, command.Sku), command);
        context.Put(Stores.Claims, key, new OrderClaim { ClaimedAt = claimedAt, Lines = commands.Count });
        context.Schedule(Timers.Claim, key, context.Now + remembered);
    }
}
