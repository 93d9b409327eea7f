namespace Commerce.Streaming.WarehouseAudit;

/// <summary>What must agree in the tables whatever was sent: one number, everywhere.</summary>
internal static partial class AuditChecks
{
    /// <summary>Name of each check, what it says, and its query.</summary>
    public static IReadOnlyList<(string Name, string Says, string Sql)> All { get; } =
    [
        ("credits", "credits of every order and model = its net revenue", Credits),
        ("lines", "lines of every order = what the order says of them", Lines),
        ("refunds", "refunded in orders = linked refunds", Refunds),
        ("days", "daily summary = its orders", Days),
        ("weeks", "weekly trends = their orders", Weeks),
        ("customers", "customers = their orders and refunds", Customers),
        ("stock", "on hand = sum of movements", Stock),
        ("movements", "movements numbered without gaps, each stating its sum", Movements),
        ("below_zero", "never below zero after any movement", BelowZero),
    ];
}
