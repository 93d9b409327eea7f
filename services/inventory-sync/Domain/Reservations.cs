using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>
/// The life of a reservation of one SKU: attempts, each reserved or rejected; then released, expired, or claimed by a sale. A claim is
/// final; after any other end, asking again is a new attempt. While it is live it is bound to the hash of all its lines. Requests that ask
/// for the same share the attempt: what one takes back, the others keep.
/// </summary>
public static class Reservations
{
    public const string InsufficientStock = "insufficient_stock";
    public const string OtherLines = "other_lines";

    /// <summary>Reserves all that is asked for, or nothing; or shares what is live already.</summary>
    public static ReservationDecided Reserve(ISkuState state, StockChange change, StockCommand command, ReservationRules rules, DateTimeOffset now)
    {
        var (id, request) = (command.ReservationId!, command.CommandId);
        var known = Current(state, change, id, rules, now);
        if (known is not null && known.Past.Contains(request))
            return Decide(change, id, request, known.Outcome == ReservationOutcome.RESERVED ? known with { Outcome = ReservationOutcome.RELEASED } : known, now);
        if (known is not { Outcome: ReservationOutcome.RESERVED or ReservationOutcome.CLAIMED })
            return Attempt(state, change, command, known, rules, now);
        if (known.LinesHash.Length > 0 && known.LinesHash != (command.LinesHash ?? ""))
        {
            // Read again when the key is free, it must not hold what nobody waits for any more.
            state.PutReservation(id, known with { Past = RequestMemory.Past(known.Past, [request]) });
            return Decide(change, id, request, known with { Outcome = ReservationOutcome.MISMATCHED, Requested = command.Quantity }, now);
        }

        if (known.Outcome == ReservationOutcome.RESERVED)
        {
            known = RequestMemory.Share(known, request);
            state.PutReservation(id, known);
        }

        return Decide(change, id, request, known, now) with { Repeated = known.Holders is not [var first, ..] || first != request };
    }

    /// <summary>
    /// Takes back one request's share, ends one attempt, or ends whatever is live. A RESERVE that comes after it was taken back holds nothing.
    /// </summary>
    public static ReservationDecided Release(ISkuState state, StockChange change, StockCommand command, ReservationRules rules, DateTimeOffset now)
    {
        var id = command.ReservationId!;
        var known = Current(state, change, id, rules, now) ?? new Reservation
        {
            Outcome = ReservationOutcome.RELEASED, Requested = 0, Held = 0, ExpiresAt = now + rules.EndedRemembered, Attempt = 0, LinesHash = "", Holders = [], Past = [],
        };
        if (command.Undoes is { } undone)
        {
            known = RequestMemory.TakeBack(known, undone);
            state.PutReservation(id, known);
        }

        var ends = known.Outcome == ReservationOutcome.RESERVED
            && (command.Undoes is not null ? known.Holders.Count == 0 : command.Attempt is null || command.Attempt == known.Attempt);
        if (ends)
        {
            known = End(state, change, id, known, ReservationOutcome.RELEASED, rules, now);
            change.Fulfil();
        }

        return Decide(change, id, command.CommandId, known, now);
    }

    /// <summary>Frees what is held when its time has come. An end that was remembered long enough is forgotten.</summary>
    public static ReservationDecided? Expire(ISkuState state, StockChange change, string reservationId, ReservationRules rules, DateTimeOffset now)
    {
        if (state.FindReservation(reservationId) is not { } known || known.ExpiresAt > now)
            return null;
        if (known.Outcome != ReservationOutcome.RESERVED)
        {
            state.ForgetReservation(reservationId);
            return null;
        }

        var expired = End(state, change, reservationId, known, ReservationOutcome.EXPIRED, rules, now);
        change.Fulfil();
        return Decide(change, reservationId, reservationId, expired, now);
    }

    /// <summary>
    /// Sells. Units that the order has reserved are its own; a reservation that has ended gives it nothing, and the sale stands in line
    /// like any other.
    /// </summary>
    /// <returns>That the reservation is used up, or had lapsed; null otherwise.</returns>
    public static ReservationDecided? Claim(ISkuState state, StockChange change, StockCommand command, ReservationRules rules, DateTimeOffset now)
    {
        var before = command.ReservationId is { } id ? state.FindReservation(id) : null;
        var reservation = before is null ? null : Current(state, change, command.ReservationId!, rules, now);
        if (reservation is not { Outcome: ReservationOutcome.RESERVED })
        {
            change.Take(command, MovementKind.SALE, command.Quantity);
            return reservation is null || reservation.Outcome == before!.Outcome ? null : Decide(change, command.ReservationId!, command.CommandId, reservation, now);
        }

        var own = Math.Min(command.Quantity, reservation.Held);
        change.Hold(-own);
        change.Take(command, MovementKind.SALE, command.Quantity, own);
        if (own < reservation.Held)
        {
            state.PutReservation(command.ReservationId!, reservation with { Held = reservation.Held - own });
            return null;
        }

        var claimed = RequestMemory.Close(reservation) with { Outcome = ReservationOutcome.CLAIMED, Held = 0, ExpiresAt = now + rules.EndedRemembered };
        state.PutReservation(command.ReservationId!, claimed);
        return Decide(change, command.ReservationId!, command.CommandId, claimed, now);
    }

    private static ReservationDecided Attempt(
        ISkuState state, StockChange change, StockCommand command, Reservation? before, ReservationRules rules, DateTimeOffset now)
    {
        var reserved = command.Quantity <= change.Available;
        var reservation = new Reservation
        {
            Outcome = reserved ? ReservationOutcome.RESERVED : ReservationOutcome.REJECTED,
            Requested = command.Quantity,
            Held = reserved ? command.Quantity : 0,
            ExpiresAt = now + (reserved ? TimeSpan.FromMilliseconds(command.TtlMs!.Value) : rules.RejectedRemembered),
            Attempt = (before?.Attempt ?? 0) + 1,
            LinesHash = command.LinesHash ?? "",
            Holders = reserved ? [command.CommandId] : [],
            Past = reserved ? before?.Past ?? [] : RequestMemory.Past(before?.Past ?? [], [command.CommandId]),
        };
        change.Hold(reservation.Held);
        state.PutReservation(command.ReservationId!, reservation);
        return Decide(change, command.ReservationId!, command.CommandId, reservation, now);
    }

    /// <summary>What is known, ended when its time has come though its timer has not fired yet.</summary>
    private static Reservation? Current(ISkuState state, StockChange change, string id, ReservationRules rules, DateTimeOffset now)
    {
        if (state.FindReservation(id) is not { } known)
            return null;
        if (known.Outcome != ReservationOutcome.RESERVED || known.ExpiresAt > now)
            return known;
        var expired = End(state, change, id, known, ReservationOutcome.EXPIRED, rules, now);
        change.Fulfil();
        return expired;
    }

    private static Reservation End(
        ISkuState state, StockChange change, string id, Reservation known, ReservationOutcome outcome, ReservationRules rules, DateTimeOffset now)
    {
        change.Hold(-known.Held);
        var ended = RequestMemory.Close(known) with { Outcome = outcome, Held = 0, ExpiresAt = now + rules.EndedRemembered };
        state.PutReservation(id, ended);
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
            Reason = reservation.Outcome switch
            {
                ReservationOutcome.REJECTED => InsufficientStock,
                ReservationOutcome.MISMATCHED => OtherLines,
                _ => null,
            },
            DecidedAt = now,
            Attempt = reservation.Attempt,
            LinesHash = reservation.LinesHash,
        };
    }
}
