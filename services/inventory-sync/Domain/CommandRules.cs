using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>What makes a command impossible, whatever the stock is.</summary>
public static class CommandRules
{
    /// <summary>Longest lifetime of a reservation.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(1);

    /// <summary>A reason code, or null when the command can be applied.</summary>
    public static string? FaultOf(StockCommand command) => command.Kind switch
    {
        StockCommandKind.UNKNOWN => "unknown_kind",
        StockCommandKind.ADJUST when command.Quantity == 0 => "zero_quantity",
        StockCommandKind.ADJUST when command.Quantity == int.MinValue => "quantity_out_of_range",
        StockCommandKind.RESERVE when command.Quantity == 0 && ReservationLines.IsKey(command) => LifetimeFaultOf(command),
        StockCommandKind.RECEIVE or StockCommandKind.SELL or StockCommandKind.RETURN or StockCommandKind.RESERVE when command.Quantity <= 0 =>
            "quantity_not_positive",
        StockCommandKind.RESERVE or StockCommandKind.RELEASE when string.IsNullOrEmpty(command.ReservationId) => "missing_reservation_id",
        StockCommandKind.RESERVE => LifetimeFaultOf(command),
        _ => null,
    };

    private static string? LifetimeFaultOf(StockCommand command) =>
        command.TtlMs is { } lifetime && lifetime > 0 && lifetime <= LifetimeMax.TotalMilliseconds ? null : "lifetime_out_of_range";
}
