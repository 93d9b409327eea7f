using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>State of the pipelines. What belongs to one SKU is in its partition.</summary>
public static class Stores
{
    /// <summary>Orders and refunds that were turned into commands; key of <see cref="Domain.Claims"/>.</summary>
    public static readonly Store<OrderClaim> Claims = new("orders", Topics.InventorySyncClaimsOrdersChangelog);

    /// <summary>Key <c>platform/sku</c>.</summary>
    public static readonly Store<StockPosition> Positions = new("positions", Topics.InventorySyncLedgerPositionsChangelog);

    /// <summary>Key of <see cref="Adapters.SkuKeys"/> with the reservation id.</summary>
    public static readonly Store<Reservation> Reservations = new("reservations", Topics.InventorySyncLedgerReservationsChangelog);

    /// <summary>Key of <see cref="Adapters.SkuKeys"/> with the number of the entry.</summary>
    public static readonly Store<OwedUnits> Owed = new("owed", Topics.InventorySyncLedgerOwedChangelog);

    /// <summary>Key of <see cref="Adapters.SkuKeys"/> with the command id.</summary>
    public static readonly Store<AppliedCommand> Applied = new("applied", Topics.InventorySyncLedgerAppliedChangelog);

    /// <summary>Key reservation id.</summary>
    public static readonly Store<ReservationStatus> Status = new("status", Topics.InventorySyncReservationsStatusChangelog);
}
