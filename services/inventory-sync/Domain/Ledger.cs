using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>
/// The rules of stock. On hand is the sum of movements and never below zero; live reservations never exceed it; what is sold or written
/// off beyond what is free is owed and fulfilled first, oldest first, by whatever comes in or becomes free. So without live reservations
/// the outcome depends on what came and went, not on the order in which it was reported.
/// </summary>
public static class Ledger
{
    /// <summary>Applies a command that <see cref="CommandRules"/> has nothing against.</summary>
    /// <param name="now">Processing time, for lifetimes.</param>
    public static Outcome Apply(ISkuState state, StockCommand command, ReservationRules rules, DateTimeOffset now)
    {
        var change = new StockChange(state, command.Platform, command.Sku, command.OccurredAt);
        var decision = command.Kind switch
        {
            StockCommandKind.RECEIVE => Once(state, command, now, () => change.Add(command, MovementKind.RECEIPT, command.Quantity)),
            StockCommandKind.ADJUST when command.Quantity > 0 => Once(state, command, now, () => change.Add(command, MovementKind.ADJUSTMENT, command.Quantity)),
            StockCommandKind.ADJUST => Once(state, command, now, () => change.Take(command, MovementKind.ADJUSTMENT, -command.Quantity)),
            StockCommandKind.RETURN => Unrepeated(change, command, () => Do(() => change.Add(command, MovementKind.RETURN, command.Quantity))),
            StockCommandKind.SELL => Unrepeated(change, command, () => Reservations.Claim(state, change, command, rules, now)),
            StockCommandKind.RESERVE => Reservations.Reserve(state, change, command, rules, now),
            StockCommandKind.RELEASE => Reservations.Release(state, change, command, rules, now),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Kind, "not a command"),
        };
        return change.Close(decision);
    }

    /// <summary>Ends a reservation whose time has come; nothing when it has ended already.</summary>
    public static Outcome Expire(ISkuState state, string platform, string sku, string reservationId, ReservationRules rules, DateTimeOffset now)
    {
        var change = new StockChange(state, platform, sku, now);
        return change.Close(Reservations.Expire(state, change, reservationId, rules, now));
    }

    /// <summary>Receipts and adjustments come from outside, where a repeated message is the same command.</summary>
    private static ReservationDecided? Once(ISkuState state, StockCommand command, DateTimeOffset now, Action apply)
    {
        if (state.WasApplied(command.CommandId))
            return null;
        apply();
        state.MarkApplied(command.CommandId, new AppliedCommand { AppliedAt = now });
        return null;
    }

    /// <summary>Sales and returns come from claims, once each; unless the log is read again.</summary>
    private static ReservationDecided? Unrepeated(StockChange change, StockCommand command, Func<ReservationDecided?> apply) =>
        change.IsFirst(command) ? apply() : null;

    private static ReservationDecided? Do(Action apply)
    {
        apply();
        return null;
    }
}
