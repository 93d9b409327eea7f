using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>Which requests share an attempt, and which are done with: so that a command that is read again changes nothing.</summary>
internal static class RequestMemory
{
    /// <summary>Requests remembered of either kind. Of more that share an attempt, the rest count as one that is never taken back.</summary>
    public const int Max = 16;

    private const string Others = "";

    public static Reservation Share(Reservation live, string request)
    {
        // One from before holders were kept: whoever asked for it relies on it.
        var holders = live.Holders.Count == 0 ? [Others] : live.Holders;
        if (holders.Contains(request))
            return live;
        if (holders.Count < Max - 1)
            return live with { Holders = [.. holders, request] };
        return holders.Contains(Others) ? live : live with { Holders = [.. holders, Others] };
    }

    public static Reservation TakeBack(Reservation known, string request) => known with
    {
        Holders = known.Outcome == ReservationOutcome.RESERVED && known.Holders.Count == 0 ? [Others] : [.. known.Holders.Where(holder => holder != request)],
        Past = Past(known.Past, [request]),
    };

    /// <summary>The attempt is over for all who shared it.</summary>
    public static Reservation Close(Reservation known) => known with { Holders = [], Past = Past(known.Past, known.Holders) };

    public static IReadOnlyList<string> Past(IReadOnlyList<string> past, IReadOnlyList<string> more) =>
        [.. past.Concat(more).Where(request => request != Others).Distinct(StringComparer.Ordinal).TakeLast(Max)];
}
