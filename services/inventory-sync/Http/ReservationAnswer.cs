using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>A reservation as the API shows it.</summary>
/// <param name="ReservationId">Id, for DELETE and GET.</param>
/// <param name="Status">reserved: every line is held; rejected: one could not be, so none is; else released, expired, claimed, or mixed.</param>
/// <param name="ExpiresAt">When the first line lapses; null unless reserved.</param>
/// <param name="Attempt">How often its idempotency key was bound; null for one without a key.</param>
public sealed record ReservationAnswer(
    string ReservationId, string Platform, string Status, DateTimeOffset? ExpiresAt, int? Attempt, IReadOnlyList<ReservationLineAnswer> Lines)
{
    public const string Reserved = "reserved";
    private const string Rejected = "rejected";
    private const string Mixed = "mixed";

    /// <param name="decided">At least one; the latest result of each SKU, and of the key.</param>
    /// <returns>Without lines while only the key has been decided.</returns>
    public static ReservationAnswer Of(string reservationId, IReadOnlyList<ReservationDecided> decided)
    {
        var lines = ReservationLines.Current(decided);
        var statuses = lines.Select(line => NameOf(line.Outcome)).Distinct().ToList();
        var status = statuses is [var only] ? only : statuses.Contains(Rejected) ? Rejected : Mixed;
        return new ReservationAnswer(
            reservationId, decided[0].Platform, status, status == Reserved ? lines.Min(line => line.ExpiresAt) : null,
            decided.FirstOrDefault(ReservationLines.IsKey)?.Attempt,
            [.. lines.OrderBy(line => line.Sku, StringComparer.Ordinal).Select(ReservationLineAnswer.Of)]);
    }

    public static string NameOf(ReservationOutcome outcome) => outcome switch
    {
        ReservationOutcome.RESERVED => Reserved,
        ReservationOutcome.REJECTED => Rejected,
        ReservationOutcome.RELEASED => "released",
        ReservationOutcome.EXPIRED => "expired",
        ReservationOutcome.CLAIMED => "claimed",
        ReservationOutcome.MISMATCHED => "mismatched",
        _ => "unknown",
    };
}

/// <summary>One SKU of a reservation.</summary>
/// <param name="Available">Available for others when it was decided.</param>
/// <param name="Attempt">Counts the attempts to hold it under this reservation, from 1.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record ReservationLineAnswer(
    string Sku, int Quantity, string Status, long Available, DateTimeOffset? ExpiresAt, int Attempt, string? Reason)
{
    public static ReservationLineAnswer Of(ReservationDecided decided) => new(
        decided.Sku, decided.Quantity, ReservationAnswer.NameOf(decided.Outcome), decided.Available, decided.ExpiresAt, decided.Attempt,
        decided.Reason);
}
