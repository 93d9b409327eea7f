namespace Commerce.Streaming.Contracts;

/// <summary>
/// How the entry of a compacted topic leads to the key whose partition it lies in: that of the record that made it, which decides where the
/// entry is sought, however many partitions there are.
/// </summary>
public enum HomeRule
{
    /// <summary>The entry's own key.</summary>
    Key,

    /// <summary>Its key up to the first <c>|</c>.</summary>
    BeforeBar,

    /// <summary>Its key up to the first U+001F.</summary>
    BeforeUnitSeparator,

    /// <summary><c>order/platform/orderId</c> or <c>refund/platform/refundId/orderId</c>: of the order, or of the refund when it names none (<c>-</c>).</summary>
    Claim,

    /// <summary>The key of the dead letters that wait in the line.</summary>
    Letter,

    /// <summary>Nothing leads there: the entry belongs wherever a key of its partition goes.</summary>
    Everywhere,

    /// <summary>Its own key, unless that is not what it lies by: then as <see cref="Everywhere"/>.</summary>
    KeyElseEverywhere,

    /// <summary>A timer: the key in its value, by a rule for each timer.</summary>
    Timer,
}

/// <summary>The home of a topic's entries.</summary>
/// <param name="Rule">For all of them.</param>
public sealed record Home(HomeRule Rule)
{
    /// <summary>Of <see cref="HomeRule.Timer"/>: the rule for the key of each timer, by its name.</summary>
    public IReadOnlyDictionary<string, HomeRule> Timers { get; init; } = new Dictionary<string, HomeRule>();
}
