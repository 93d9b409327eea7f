using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>The life of a reservation: reserved or rejected; then released, expired, or claimed by a sale. Its end is final.</summary>
public static class Reservations
{
    public const string InsufficientStock = "insufficient_stock";

    /// <summary>How long a reservation that has ended is remembered, so that a repeated command gets the same answer.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>Reserves all that is asked for, or nothing. Asked again, it answers where the reservation stands.</summary>
    public static ReservationDecided Reserve(ISkuState state, StockChange change, StockCommand command, DateTimeOffset now)
    {
        if (state.FindReservation(command.ReservationId!) is { } known)
            return Decide(change, command.ReservationId!, command.CommandId, known, now);
        var reserved = command.Quantity <= change.Available;
        var reservation = new Reservation
        {
            Outcome = reserved ? ReservationOutcome.RESERVED : ReservationOutcome.REJECTED,
            Requested = command.Quantity,
            Held = reserved ? command.Quantity : 0,
            ExpiresAt = now + (reserved ? TimeSpan.FromMilliseconds(command.TtlMs!.Value) : Remembered),
        };
        change.Hold(reservation.Held);
        state.PutReservation(command.ReservationId!, reservation);
        return Decide(change, command.ReservationId!, command.CommandId, reservation, now);
    }

    /// <summary>Frees what is held. An unknown reservation counts as released, so that a RESERVE that comes late holds nothing.</summary>
    public static ReservationDecided Release(ISkuState state, StockChange change, StockCommand command, DateTimeOffset now)
    {
        var id = command.ReservationId!;
        var known = state.FindReservation(id);
        if (known is { Outcome: not ReservationOutcome.RESERVED })
            return Decide(change, id, command.CommandId, known, now);
        var released = End(state, change, id, known, ReservationOutcome.RELEASED, now);
        change.Fulfil();
        return Decide(change, id, command.CommandId, released, now);
    }

    /// <summary>Frees what is held when its time has come. An end that was remembered long enough is forgotten.</summary>
    public static ReservationDecided? Expire(ISkuState state, StockChange change, string reservationId, DateTimeOffset now)
    {
        if (state.FindReservation(reservationId) is not { } known || known.ExpiresAt > now)
            return null;
        if (known.Outcome != ReservationOutcome.RESERVED)
        {
            state.ForgetReservation(reservationId);
            return null;
        }

        var expired = End(state, change, reservationId, known, ReservationOutcome.EXPIRED, now);
        change.Fulfil();
        return Decide(change, reservationId, reservationId, expired, now);
    }

    /// <summary>
    /// Sells. Units that the order has reserved are its own; a reservation that has ended gives it nothing, and the sale stands in line
    /// like any other.
    /// </summary>
    /// <returns>That the reservation is used up; null otherwise.</returns>
    public static ReservationDecided? Claim(ISkuState state, StockChange change, StockCommand command, DateTimeOffset now)
    {
        var reservation = command.ReservationId is { } id ? state.FindReservation(id) : null;
        if (reservation is not { Outcome: ReservationOutcome.RESERVED })
        {
            change.Take(command, MovementKind.SALE, command.Quantity);
            return null;
        }

        var own = Math.Min(command.Quantity, reservation.Held);
        change.Hold(-own);
        change.Take(command, MovementKind.SALE, command.Quantity, own);
        if (own < reservation.Held)
        {
            state.PutReservation(command.ReservationId!, reservation with { Held = reservation.Held - own });
            return null;
        }

        var claimed = reservation with { Outcome = ReservationOutcome.CLAIMED, Held = 0, ExpiresAt = now + Remembered };
        state.PutReservation(command.ReservationId!, claimed);
        return Decide(change, command.ReservationId!, command.CommandId, claimed, now);
    }

    private static Reservation End(
        ISkuState state, StockChange change, string reservationId, Reservation? known, ReservationOutcome outcome, DateTimeOffset now)
    {
        change.Hold(-(known?.Held ?? 0));
        var ended = new Reservation { Outcome = outcome, Requested = known?.Requested ?? 0, Held = 0, ExpiresAt = now + Remembered };
        state.PutReservation(reservationId, ended);
        return ended;
    }

    private static ReservationDecided Decide(StockChange change, string reservationId, string commandId, Reservation reservation, DateTimeOffset now)
    {
        var live = reservation.Outcome == ReservationOutcome.RESERVED;
        return new ReservationDecided
        {
            ReservationId = reservationId, CommandId = commandId, Platform = change.Platform, Sku = change.Sku, Outcome = reservation.Outcome,
            Quantity = live ? reservation.Held : reservation.Requested,
            Available = change.Available,
            ExpiresAt = live ? reservation.ExpiresAt : null,
            Reason = reservation.Outcome == ReservationOutcome.REJECTED ? InsufficientStock : null,
            DecidedAt = now,
        };
    }
}
