namespace Commerce.Streaming.Verification.Warehouse;

/// <summary>What must agree inside the warehouse whatever was sent: one number, everywhere.</summary>
public static partial class AgreementChecks
{
    /// <summary>Compares the tables of one platform with each other.</summary>
    public static async Task<IReadOnlyList<Check>> RunAsync(WarehouseReader warehouse, string platform, CancellationToken cancellation)
    {
        var checks = new List<Check>();
        foreach (var (subject, sql) in Queries)
            checks.Add(await warehouse.ViolationsAsync(subject, sql, platform, cancellation));
        return checks;
    }

    private static readonly (string Subject, string Sql)[] Queries =
    [
        ("credits of every order and model = its net revenue", CreditsSql),
        ("refunded in orders = linked refunds", RefundedSql),
        ("daily summary = its orders", DailySql),
        ("weekly trends = their orders", WeeklySql),
        ("customers = their orders and refunds", CustomersSql),
    ];
}
