using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>Everything that is known of one SKU. Only the owner of its partition has it in hand.</summary>
public interface ISkuState
{
    StockPosition Position { get; set; }

    Reservation? FindReservation(string reservationId);

    void PutReservation(string reservationId, Reservation reservation);

    void ForgetReservation(string reservationId);

    OwedUnits Owed(long number);

    void PutOwed(long number, OwedUnits owed);

    void DropOwed(long number);

    bool WasApplied(string commandId);

    void MarkApplied(string commandId, AppliedCommand applied);
}
