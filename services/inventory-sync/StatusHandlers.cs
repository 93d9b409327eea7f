using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>Results by reservation.</summary>
public static class StatusHandlers
{
    public static void OnDecided(Record<ReservationDecided> record, IProcessingContext context)
    {
        var decided = record.Value;
        var before = context.Get(Stores.Status, record.Key)?.Lines ?? [];
        context.Put(Stores.Status, record.Key, new ReservationStatus
        {
            Lines = [.. before.Where(line => (line.Platform, line.Sku) != (decided.Platform, decided.Sku)), decided],
            UpdatedAt = decided.DecidedAt,
        });
        context.Schedule(Timers.Status, record.Key, (decided.ExpiresAt ?? decided.DecidedAt) + Reservations.Remembered);
    }

    public static void OnForgotten(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Status, timer.Key);
}
