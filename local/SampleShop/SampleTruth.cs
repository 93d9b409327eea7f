namespace Commerce.Streaming.SampleShop;

/// <summary>What a platform that makes no mistake holds after the sample has been sent.</summary>
public sealed record SampleTruth
{
    public required int Seed { get; init; }
    public required string Platform { get; init; }
    public required SampleTotals Totals { get; init; }
    public required IReadOnlyList<TruePerson> People { get; init; }

    /// <summary>Devices used by two people: they tie nobody to anybody.</summary>
    public required IReadOnlyList<string> SharedDevices { get; init; }
    public required IReadOnlyList<TrueOrder> Orders { get; init; }

    /// <summary>Revenue of the day's orders before refunds, by the shop's own date.</summary>
    public required IReadOnlyDictionary<DateOnly, decimal> RevenueByDay { get; init; }

    /// <summary>Revenue less refunds of everybody with a customer number.</summary>
    public required IReadOnlyDictionary<string, decimal> NetSpendByCustomer { get; init; }

    /// <summary>Units on hand at the end, by SKU.</summary>
    public required IReadOnlyDictionary<string, long> Stock { get; init; }

    /// <summary>Reason of every call that must be refused, by message id.</summary>
    public required IReadOnlyDictionary<string, string> Quarantine { get; init; }
}

/// <summary>Sums.</summary>
/// <param name="Sent">Calls and decisions that are sent, repetitions included.</param>
/// <param name="Events">Different events that must be accepted.</param>
public sealed record SampleTotals(
    int Sent, int Events, int Orders, int OrderLines, long Units, decimal Revenue, int RefundIds, decimal Refunds, int Touches, int Decisions);

/// <summary>A real person.</summary>
/// <param name="Customer">Customer number; null for somebody who never got one.</param>
/// <param name="Profiles">
/// The person's identifiers (u:, e: with the address in the clear, a:), in groups: what was sent ties each group together and
/// nothing ties one group to another.
/// </param>
public sealed record TruePerson(string Person, string? Customer, IReadOnlyList<IReadOnlyList<string>> Profiles);

/// <summary>An order and what led to it.</summary>
/// <param name="Channel">Channel of the last touch; direct or unconsented where there is none to credit.</param>
/// <param name="Touches">Message ids of the touches that may be credited, in time order; the last one is the last touch.</param>
public sealed record TrueOrder(
    string OrderId, string Person, decimal Revenue, decimal Refunded, string Channel, IReadOnlyList<string> Touches);
