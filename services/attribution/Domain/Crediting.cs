using Commerce.Attribution;
using Commerce.Identity;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>
/// Keeps profiles and states credits. A profile's state is a set of touches, orders and refunds by id and the newest consent
/// decision; credits are a function of it. So any interleaving of events, merges and repetitions ends in the same credits.
/// </summary>
public static class Crediting
{
    /// <summary>Adds what arrived to its profile, or forwards it to the profile that took over, and restates the orders that it touches.</summary>
    public static Outcome Receive(StateHandover arrived, IJourneys journeys, CreditRules rules)
    {
        var profile = arrived.To;
        var journey = journeys.Find(profile);
        if (journey?.MergedInto is { } winner)
            return new Outcome([], [arrived with { From = profile, To = winner }]);

        var restated = new HashSet<string>(StringComparer.Ordinal);
        var forgotten = AddTouches(arrived, journeys, rules, restated);
        AddOrders(arrived, journeys, restated);
        var withdrawn = AddConsent(arrived, journey, journeys, restated);
        return restated.Count == 0
            ? Outcome.Nothing with { Forgotten = forgotten }
            : new Outcome(Restate(profile, restated, withdrawn, arrived.Cause, journeys, rules), []) { Forgotten = forgotten };
    }

    /// <summary>Hands everything over to the winner, in messages of bounded size, and remembers where it went.</summary>
    public static Outcome Merge(ProfileMerged merged, IJourneys journeys, CreditRules rules)
    {
        var journey = journeys.Find(merged.Loser);
        if (journey?.MergedInto is not null || merged.Loser == merged.Winner) return Outcome.Nothing;
        var touches = journeys.Touches(merged.Loser);
        var orders = journeys.Orders(merged.Loser);
        var template = new StateHandover { From = merged.Loser, To = merged.Winner, Touches = [], Orders = [], Cause = Causes.Merge };
        var handovers = new List<StateHandover>();
        // Consent and touches first: the orders that follow are stated once, with all they rest on.
        if (journey?.ConsentDecidedAt is not null)
            handovers.Add(template with { AnalyticsWithdrawn = journey.AnalyticsWithdrawn, ConsentDecidedAt = journey.ConsentDecidedAt });
        handovers.AddRange(touches.Chunk(rules.MaxItemsPerHandover).Select(chunk => template with { Touches = chunk }));
        handovers.AddRange(Chunks(orders, rules.MaxItemsPerHandover).Select(chunk => template with { Orders = chunk }));
        foreach (var touch in touches) journeys.Forget(merged.Loser, touch);
        foreach (var order in orders) journeys.Forget(merged.Loser, order);
        journeys.Keep(merged.Loser, new Journey { AnalyticsWithdrawn = false, MergedInto = merged.Winner });
        return new Outcome([], handovers);
    }

    /// <summary>A refund is an item like its order: a message stays small though one order may have many.</summary>
    private static List<List<OrderPath>> Chunks(IReadOnlyList<OrderPath> orders, int maxItems)
    {
        var chunks = new List<List<OrderPath>>();
        var left = 0;
        foreach (var order in orders)
        {
            var items = 1 + order.Refunds.Count;
            if (items > left)
            {
                chunks.Add([]);
                left = maxItems;
            }
            chunks[^1].Add(order);
            left -= items;
        }
        return chunks;
    }

    private static int AddTouches(StateHandover arrived, IJourneys journeys, CreditRules rules, HashSet<string> restated)
    {
        var added = arrived.Touches.Where(touch => !journeys.Has(arrived.To, touch.TouchId)).DistinctBy(touch => touch.TouchId).ToList();
        if (added.Count == 0) return 0;
        foreach (var touch in added) journeys.Keep(arrived.To, touch);
        foreach (var order in journeys.Orders(arrived.To))
            if (added.Exists(touch => Credits.Covers(touch, order, rules))) restated.Add(OrderPaths.Key(order));
        return ForgetOldest(arrived.To, journeys, rules);
    }

    private static int ForgetOldest(string profile, IJourneys journeys, CreditRules rules)
    {
        var touches = journeys.Touches(profile);
        var excess = touches.Count - rules.MaxTouchesPerProfile;
        if (excess <= 0) return 0;
        foreach (var touch in touches.OrderBy(touch => touch.TouchedAt).ThenBy(touch => touch.TouchId, StringComparer.Ordinal).Take(excess))
            journeys.Forget(profile, touch);
        return excess;
    }

    private static void AddOrders(StateHandover arrived, IJourneys journeys, HashSet<string> restated)
    {
        foreach (var order in arrived.Orders)
        {
            var key = OrderPaths.Key(order);
            journeys.Keep(arrived.To, journeys.Order(arrived.To, key) is { } known ? OrderPaths.Union(known, order) : order);
            restated.Add(key);
        }
    }

    /// <summary>Whether analytics is withdrawn now. The newest decision holds; of two at the same instant, the one that forbids.</summary>
    private static bool AddConsent(StateHandover arrived, Journey? journey, IJourneys journeys, HashSet<string> restated)
    {
        var before = journey?.AnalyticsWithdrawn ?? false;
        if (arrived is not { AnalyticsWithdrawn: { } withdrawn, ConsentDecidedAt: { } decidedAt }) return before;
        if (journey?.ConsentDecidedAt is { } known && (decidedAt < known || (decidedAt == known && !withdrawn))) return before;
        journeys.Keep(arrived.To, new Journey { AnalyticsWithdrawn = withdrawn, ConsentDecidedAt = decidedAt });
        if (withdrawn != before) restated.UnionWith(journeys.Orders(arrived.To).Select(OrderPaths.Key));
        return withdrawn;
    }

    private static List<OrderCredited> Restate(
        string profile, IEnumerable<string> orderKeys, bool withdrawn, string cause, IJourneys journeys, CreditRules rules)
    {
        var touches = journeys.Touches(profile);
        var stated = new List<OrderCredited>();
        foreach (var key in orderKeys.Order(StringComparer.Ordinal))
        {
            var order = journeys.Order(profile, key)!;
            var credited = Credits.Of(order, profile, touches, withdrawn, cause, rules);
            var fingerprint = Credits.Fingerprint(credited);
            if (fingerprint == order.Stated) continue;
            journeys.Keep(profile, order with { Version = credited.Version, Stated = fingerprint });
            stated.Add(credited);
        }
        return stated;
    }
}
