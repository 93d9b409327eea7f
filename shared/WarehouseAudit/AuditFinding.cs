namespace Commerce.Streaming.WarehouseAudit;

/// <summary>What one check found.</summary>
/// <param name="Check">Name of the check, as the metric has it.</param>
/// <param name="Says">What must hold.</param>
/// <param name="Cases">Cases looked at.</param>
/// <param name="Wrong">Cases in which it does not hold.</param>
/// <param name="First">The first five of them in words. They name orders, customers and products.</param>
public sealed record AuditFinding(string Check, string Says, long Cases, long Wrong, IReadOnlyList<string> First);
