using Commerce.Streaming.WarehouseAudit;
using Npgsql;

namespace Commerce.Streaming.Verification.Warehouse;

/// <summary>What must agree inside the warehouse whatever was sent: the checks of the nightly audit, with nothing excused.</summary>
public static class AgreementChecks
{
    private const int CheckSecondsMax = 120;

    /// <summary>Compares the tables of one platform with each other, once everything that was sent has arrived.</summary>
    public static async Task<IReadOnlyList<Check>> RunAsync(NpgsqlDataSource database, string platform, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var checks = new List<Check>();
        await foreach (var found in TableAudit.RunAsync(connection, new AuditScope(platform, Settle: null), CheckSecondsMax, cancellation))
            checks.Add(Check.None(found.Says, found.Cases, found.Wrong, found.First));
        return checks;
    }
}
