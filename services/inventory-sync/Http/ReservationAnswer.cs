using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>A reservation as the API shows it.</summary>
/// <param name="ReservationId">Id, for DELETE and GET.</param>
/// <param name="Status">reserved: every line is held; rejected: one could not be, so none is; else released, expired, claimed, or mixed.</param>
/// <param name="ExpiresAt">When the first line lapses; null unless reserved.</param>
public sealed record ReservationAnswer(string ReservationId, string Platform, string Status, DateTimeOffset? ExpiresAt, IReadOnlyList<ReservationLineAnswer> Lines)
{
    public const string Reserved = "reserved";
    private const string Rejected = "rejected";
    private const string Mixed = "mixed";

    /// <param name="lines">At least one; the latest result of each SKU.</param>
    public static ReservationAnswer Of(string reservationId, IReadOnlyList<ReservationDecided> lines)
    {
        var statuses = lines.Select(line => NameOf(line.Outcome)).Distinct().ToList();
        var status = statuses is [var only] ? only : statuses.Contains(Rejected) ? Rejected : Mixed;
        return new ReservationAnswer(
            reservationId, lines[0].Platform, status, status == Reserved ? lines.Min(line => line.ExpiresAt) : null,
            [.. lines.OrderBy(line => line.Sku, StringComparer.Ordinal).Select(ReservationLineAnswer.Of)]);
    }

    public static string NameOf(ReservationOutcome outcome) => outcome switch
    {
        ReservationOutcome.RESERVED => Reserved,
        ReservationOutcome.REJECTED => Rejected,
        ReservationOutcome.RELEASED => "released",
        ReservationOutcome.EXPIRED => "expired",
        ReservationOutcome.CLAIMED => "claimed",
        _ => "unknown",
    };
}

/// <summary>One SKU of a reservation.</summary>
/// <param name="Available">Available for others when it was decided.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record ReservationLineAnswer(string Sku, int Quantity, string Status, long Available, DateTimeOffset? ExpiresAt, string? Reason)
{
    public static ReservationLineAnswer Of(ReservationDecided decided) => new(
        decided.Sku, decided.Quantity, ReservationAnswer.NameOf(decided.Outcome), decided.Available, decided.ExpiresAt, decided.Reason);
}
