using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>
/// Claims turns orders and refunds into a command for each SKU, once. The ledger is the one writer of each SKU and decides. Reservations
/// gathers its answers by reservation, for whoever asks later.
/// </summary>
public static class InventoryTopologies
{
    public const string Claims = "inventory-sync.claims";
    public const string Ledger = "inventory-sync.ledger";
    public const string Reservations = "inventory-sync.reservations";

    /// <param name="sealing">Seals what becomes a dead letter.</param>
    public static Topology BuildClaims(ClaimHandlers handlers, Sealing? sealing = null) => Topology.Named(Claims)
        .WithState(Stores.Claims)
        .WithTimers(Topics.InventorySyncClaimsTimersChangelog)
        .From(Topics.OrdersCompleted, handlers.OnCompleted)
        .From(Topics.OrdersRefunded, handlers.OnRefunded)
        .OnTimer(Timers.Claim, ClaimHandlers.OnForgotten)
        .To(Topics.InventoryStockCommands)
        .DeadLettersTo(Topics.InventorySyncClaimsDlq, sealing)
        .ParkingKeys(Topics.InventorySyncClaimsParkedChangelog, Topics.InventorySyncClaimsRetries);

    /// <param name="sealing">Seals what becomes a dead letter.</param>
    public static Topology BuildLedger(LedgerHandlers handlers, Sealing? sealing = null) => Topology.Named(Ledger)
        .WithState(Stores.Positions)
        .WithState(Stores.Reservations)
        .WithState(Stores.Owed)
        .WithState(Stores.Applied)
        .WithTimers(Topics.InventorySyncLedgerTimersChangelog)
        .From(Topics.InventoryStockCommands, handlers.OnCommand)
        .OnTimer(Timers.Reservation, handlers.OnReservationDue)
        .OnTimer(Timers.Applied, LedgerHandlers.OnCommandForgotten)
        .To(Topics.InventoryStockMovements, Topics.InventoryStockAvailability, Topics.InventoryReservationResults)
        .DeadLettersTo(Topics.InventorySyncLedgerDlq, sealing)
        .ParkingKeys(Topics.InventorySyncLedgerParkedChangelog, Topics.InventorySyncLedgerRetries)
        .ViewedIn(AvailabilityView.View);

    /// <param name="sealing">Seals what becomes a dead letter.</param>
    public static Topology BuildReservations(StatusHandlers handlers, Sealing? sealing = null) => Topology.Named(Reservations)
        .WithState(Stores.Status)
        .WithTimers(Topics.InventorySyncReservationsTimersChangelog)
        .From(Topics.InventoryReservationResults, handlers.OnDecided)
        .OnTimer(Timers.Status, StatusHandlers.OnForgotten)
        .DeadLettersTo(Topics.InventorySyncReservationsDlq, sealing)
        .ParkingKeys(Topics.InventorySyncReservationsParkedChangelog, Topics.InventorySyncReservationsRetries)
        .ViewedIn(StatusView.View);
}
