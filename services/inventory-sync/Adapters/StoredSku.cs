using System.Globalization;
using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>A SKU in the state of the pipeline. What ends by itself gets its timer here.</summary>
internal sealed class StoredSku(IProcessingContext context, string sku, TimeSpan commandsRemembered) : ISkuState
{
    public StockPosition Position
    {
        get => context.Get(Stores.Positions, sku) ?? StockPositions.None;
        set => context.Put(Stores.Positions, sku, value);
    }

    public Reservation? FindReservation(string reservationId) => context.Get(Stores.Reservations, SkuKeys.Part(sku, reservationId));

    public void PutReservation(string reservationId, Reservation reservation)
    {
        var key = SkuKeys.Part(sku, reservationId);
        context.Put(Stores.Reservations, key, reservation);
        context.Schedule(Timers.Reservation, key, reservation.ExpiresAt);
    }

    public void ForgetReservation(string reservationId) => context.Delete(Stores.Reservations, SkuKeys.Part(sku, reservationId));

    public OwedUnits Owed(long number) => context.Get(Stores.Owed, OwedKey(number))!;

    public void PutOwed(long number, OwedUnits owed) => context.Put(Stores.Owed, OwedKey(number), owed);

    public void DropOwed(long number) => context.Delete(Stores.Owed, OwedKey(number));

    public bool WasApplied(string commandId) => context.Get(Stores.Applied, SkuKeys.Part(sku, commandId)) is not null;

    public void MarkApplied(string commandId, AppliedCommand applied)
    {
        var key = SkuKeys.Part(sku, commandId);
        context.Put(Stores.Applied, key, applied);
        context.Schedule(Timers.Applied, key, applied.AppliedAt + commandsRemembered);
    }

    private string OwedKey(long number) => SkuKeys.Part(sku, number.ToString(CultureInfo.InvariantCulture));
}
