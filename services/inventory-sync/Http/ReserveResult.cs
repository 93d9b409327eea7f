using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>How a request for a reservation ended.</summary>
internal enum ReserveEnd
{
    /// <summary>Everything is held, by this request.</summary>
    Made,

    /// <summary>Everything was held already, for the same lines.</summary>
    Repeated,

    /// <summary>Something cannot be held, or was sold already.</summary>
    Refused,

    /// <summary>The key is bound to other lines.</summary>
    OtherLines,
}

/// <summary>The end of a request, with the reservation as it is now.</summary>
internal sealed record ReserveResult(ReserveEnd End, ReservationAnswer Answer)
{
    /// <param name="decided">What the ledger said to each command of the request, what was taken back as released.</param>
    public static ReserveResult Of(string reservationId, IReadOnlyList<ReservationDecided> decided)
    {
        var answer = ReservationAnswer.Of(reservationId, decided);
        if (decided.Any(line => line.Outcome == ReservationOutcome.MISMATCHED))
            return new ReserveResult(ReserveEnd.OtherLines, answer);
        if (decided.Any(line => line.Outcome != ReservationOutcome.RESERVED))
            return new ReserveResult(ReserveEnd.Refused, answer);
        return new ReserveResult(decided.All(line => line.Repeated || ReservationLines.IsKey(line)) ? ReserveEnd.Repeated : ReserveEnd.Made, answer);
    }
}
