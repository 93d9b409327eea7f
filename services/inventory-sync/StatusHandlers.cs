using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>Results by reservation.</summary>
public sealed class StatusHandlers(ReservationRules rules)
{
    public void OnDecided(Record<ReservationDecided> record, IProcessingContext context)
    {
        var decided = record.Value;
        var before = context.Get(Stores.Status, record.Key)?.Lines ?? [];
        var after = ReservationLines.With(before, decided);
        if (ReferenceEquals(after, before))
            return;
        context.Put(Stores.Status, record.Key, new ReservationStatus
        {
            Lines = after,
            UpdatedAt = decided.DecidedAt,
        });
        context.Schedule(Timers.Status, record.Key, (decided.ExpiresAt ?? decided.DecidedAt) + rules.EndedRemembered);
    }

    public static void OnForgotten(DueTimer timer, IProcessingContext context) => context.Delete(Stores.Status, timer.Key);
}
