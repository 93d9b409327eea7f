namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>How long the ledger remembers what has ended, so that a repeated command gets the same answer.</summary>
/// <param name="EndedRemembered">Reservations that were released, lapsed, or were claimed by a sale.</param>
/// <param name="RejectedRemembered">Reservations that were refused: many in a rush, and of no use once their command cannot come again.</param>
public sealed record ReservationRules(TimeSpan EndedRemembered, TimeSpan RejectedRemembered)
{
    public static readonly ReservationRules Default = new(TimeSpan.FromDays(1), TimeSpan.FromMinutes(10));
}
