using Commerce.Attribution;
using Commerce.Identity;
using Commerce.Orders;
using Commerce.Streaming.Attribution.Domain;
using CsCheck;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>
/// Any interleaving of visits, orders, refunds, consent decisions, merges (chains included) and repetitions ends in the credits that
/// are computed from the whole set at once.
/// </summary>
public sealed class InterleavingProperties
{
    private const int Profiles = 6;
    private static readonly CreditRules Rules = new() { MaxItemsPerHandover = 2 };

    private sealed record History(List<ProfileMerged> Merges, List<object> Inputs, int[] Choices);

    private static readonly Gen<string> Profile = Gen.Int[0, Profiles - 1].Select(index => $"p_{index}");

    private static readonly Gen<StateHandover> Visit =
        from id in Gen.Int[0, 9]
        // What an id says is always the same: a repetition repeats.
        select Arrival($"p_{id % Profiles}", Causes.LateTouch) with
        {
            Touches = [Given.Touch($"t{id}", (id * 5) - 4, id % 3 == 0 ? "email" : "paid_search", consented: id % 4 != 0)],
        };

    private static readonly Gen<StateHandover> Decision =
        from profile in Profile
        from hour in Gen.Int[0, 3]
        from withdrawn in Gen.Bool
        select Arrival(profile, Causes.Consent) with { AnalyticsWithdrawn = withdrawn, ConsentDecidedAt = Given.Day.AddHours(hour) };

    private static readonly Gen<OrderCompleted> Order =
        from id in Gen.Int[0, 4]
        from profile in Profile
        select Given.Completed($"o{id}", profile, 100.01m + id, Given.Day.AddDays(-8 * id), consented: id != 3);

    private static readonly Gen<OrderRefunded> Refund =
        from id in Gen.Int[0, 5]
        from profile in Profile
        select Given.Refunded($"r{id}", $"o{id % 5}", profile, 10.005m * (id + 1));

    private static readonly Gen<object> Input = Gen.Frequency(
        (5, Visit.Select(visit => (object)visit)),
        (1, Decision.Select(decision => (object)decision)),
        (3, Order.Select(order => (object)order)),
        (2, Refund.Select(refund => (object)refund)));

    private static readonly Gen<List<ProfileMerged>> Merges =
        Gen.Select(Gen.Int[0, Profiles - 1], Gen.Int[0, Profiles - 1]).Array[0, 8].Select(pairs =>
        {
            // As the one writer decides: the smaller root wins.
            var root = Enumerable.Range(0, Profiles).ToArray();
            var merges = new List<ProfileMerged>();
            foreach (var (one, other) in pairs)
            {
                var (winner, loser) = (Math.Min(root[one], root[other]), Math.Max(root[one], root[other]));
                if (winner == loser) continue;
                for (var index = 0; index < Profiles; index++) if (root[index] == loser) root[index] = winner;
                merges.Add(Merged($"p_{loser}", $"p_{winner}"));
            }
            return merges;
        });

    private static readonly Gen<History> Histories =
        from merges in Merges
        from inputs in Input.Array[1, 25]
        from repeated in Gen.Int[0, inputs.Length - 1].Array[0, 8]
        from all in Gen.Shuffle(inputs.Concat(repeated.Select(index => inputs[index])).Concat(merges).ToArray())
        from choices in Gen.Int[0, 1000].Array[64]
        select new History(merges, [.. all], choices);

    [Fact]
    public void Any_interleaving_ends_in_the_credits_of_the_whole_set() => Histories.Sample(history =>
    {
        var world = new World(Rules, partitions: 3);
        foreach (var input in history.Inputs) world.Send(input);
        world.Run(Repeat(history.Choices).GetEnumerator());

        var last = new Dictionary<string, OrderCredited>(StringComparer.Ordinal);
        foreach (var stated in world.Stated)
        {
            if (last.TryGetValue(stated.OrderId, out var before)) stated.Version.ShouldBeGreaterThan(before.Version);
            last[stated.OrderId] = stated;
        }
        Shown(last.Values).ShouldBe(Shown(FromTheWholeSet(history)));
    }, iter: 600);

    private static List<OrderCredited> FromTheWholeSet(History history)
    {
        var mergedInto = history.Merges.ToDictionary(merge => merge.Loser, merge => merge.Winner);
        var arrivals = history.Inputs.OfType<StateHandover>().ToLookup(arrival => Final(arrival.To));
        var refunds = history.Inputs.OfType<OrderRefunded>().ToLookup(refund => refund.Refund.OrderId);
        return
        [
            .. history.Inputs.OfType<OrderCompleted>().DistinctBy(order => order.Order.OrderId).Select(order =>
            {
                var profile = Final(order.ProfileId);
                var path = new OrderPath
                {
                    Platform = Given.Platform, OrderId = order.Order.OrderId, Currency = "EUR", Revenue = order.Order.Revenue, OrderedAt = order.Timestamp,
                    Consented = order.Consent.Analytics, Version = 0, Stated = "",
                    Refunds = [.. refunds[order.Order.OrderId].DistinctBy(one => one.Refund.RefundId).Select(one => Given.RefundRef(one.Refund.RefundId, one.Refund.Amount))],
                };
                var touches = arrivals[profile].SelectMany(arrival => arrival.Touches).DistinctBy(touch => touch.TouchId).ToList();
                var decision = arrivals[profile].Where(arrival => arrival.ConsentDecidedAt is not null)
                    .OrderBy(arrival => arrival.ConsentDecidedAt).ThenBy(arrival => arrival.AnalyticsWithdrawn).LastOrDefault();
                return Credits.Of(path, profile, touches, decision?.AnalyticsWithdrawn ?? false, Causes.Order, Rules);
            }),
        ];

        string Final(string profile) => mergedInto.TryGetValue(profile, out var winner) ? Final(winner) : profile;
    }

    private static List<string> Shown(IEnumerable<OrderCredited> credits) =>
        [.. credits.OrderBy(credited => credited.OrderId, StringComparer.Ordinal).Select(credited =>
            $"{credited.OrderId} {credited.ProfileId} {credited.NetRevenue} "
            + string.Join(' ', credited.Models.SelectMany(model => model.Credits.Select(credit => $"{model.Model}:{credit.Touch}/{credit.Channel}={credit.Credit}"))))];

    private static StateHandover Arrival(string profile, string cause) => new() { To = profile, Touches = [], Orders = [], Cause = cause };

    private static ProfileMerged Merged(string loser, string winner) => new()
    {
        Tenant = "default", Loser = loser, Winner = winner, Identifiers = [], EvidenceMessageId = "m", Version = 1, MergedAt = Given.Day,
    };

    private static IEnumerable<int> Repeat(int[] choices)
    {
        while (true)
            foreach (var choice in choices) yield return choice;
    }
}
