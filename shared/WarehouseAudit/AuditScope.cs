namespace Commerce.Streaming.WarehouseAudit;

/// <summary>What is looked at, and what is excused.</summary>
/// <param name="Platform">Only this shop platform; null: all.</param>
/// <param name="Settle">
/// Of a shop that goes on: rows that another topic completes are looked at when they are older than this, and what the sink has put off is
/// not missed. Null: all that was ever sent has arrived, and nothing is excused.
/// </param>
public sealed record AuditScope(string? Platform, TimeSpan? Settle);
