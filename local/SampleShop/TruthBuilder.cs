using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>Works out the truth from what is sent and from who the people are. It shares nothing with the platform's services.</summary>
internal sealed class TruthBuilder(SampleOptions options, IReadOnlyList<Shopper> people, IReadOnlyList<Entry> entries, Timeline timeline)
{
    private const int LookbackDays = 30;
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(SampleOptions.TimeZone);

    private readonly HashSet<string> _shared = people.Select(shopper => shopper.SharedDevice).OfType<string>().ToHashSet(StringComparer.Ordinal);
    private readonly IdentityGroups _groups = new();
    private readonly List<ShopCall> _calls =
        [.. entries.Where(entry => entry.Refusal is null).Select(entry => entry.Content).OfType<ShopCall>().DistinctBy(call => call.MessageId)];

    public SampleTruth Build()
    {
        foreach (var call in _calls)
            _groups.Tie(IdentifiersOf(call));
        var withdrawn = Withdrawn();
        var touches = TouchesByGroup();
        var refunded = _calls.OfType<OrderRefundedCall>().Where(refund => refund.OrderId is not null)
            .GroupBy(refund => refund.OrderId!, StringComparer.Ordinal)
            .ToDictionary(order => order.Key, order => order.Sum(refund => refund.Total), StringComparer.Ordinal);
        var persons = PersonOf();
        var orders = _calls.OfType<OrderCompletedCall>()
            .Select(order => Order(order, persons, touches, withdrawn, refunded.GetValueOrDefault(order.OrderId)))
            .OrderBy(order => order.OrderId, StringComparer.Ordinal)
            .ToList();
        return new SampleTruth
        {
            Seed = options.Seed,
            Platform = SampleOptions.Platform,
            Totals = Totals(touches),
            People = People(),
            SharedDevices = [.. _shared.Order(StringComparer.Ordinal)],
            Orders = orders,
            RevenueByDay = RevenueByDay(),
            NetSpendByCustomer = NetSpend(),
            Stock = StockMoves.BySku(timeline).ToDictionary(sku => sku.Key, sku => sku.Value.Sum(move => move.Quantity)),
            Quarantine = Quarantine(),
        };
    }

    private SampleTotals Totals(Dictionary<string, List<Touch>> touches)
    {
        var orders = _calls.OfType<OrderCompletedCall>().ToList();
        var refunds = _calls.OfType<OrderRefundedCall>().ToList();
        return new SampleTotals(
            entries.Count,
            _calls.Count,
            orders.Count,
            orders.Sum(order => order.Lines.Count),
            orders.Sum(order => order.Lines.Sum(line => (long)line.Quantity)),
            orders.Sum(order => order.Total),
            refunds.Select(refund => refund.RefundId).Distinct(StringComparer.Ordinal).Count(),
            refunds.Sum(refund => refund.Total),
            touches.Values.Sum(list => list.Count),
            entries.Count(entry => entry.Content is ConsentDecision));
    }

    private static string User(string userId) => $"u:{SampleOptions.Platform}:{userId}";

    /// <summary>Identifiers of an event, highest first; a shared device stands for nobody.</summary>
    private IEnumerable<string> IdentifiersOf(ShopCall call)
    {
        if (call is StockReceivedCall or StockAdjustedCall)
            yield break;
        if (call.UserId is { } user)
            yield return User(user);
        if (call is IdentifyCall identify)
            yield return "e:" + identify.Email;
        if (!_shared.Contains(call.AnonymousId))
            yield return "a:" + call.AnonymousId;
    }

    private string GroupOf(ShopCall call) => _groups.GroupOf(IdentifiersOf(call).First());

    /// <summary>Groups whose newest decision forbids analytics.</summary>
    private HashSet<string> Withdrawn()
    {
        var newest = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var decision in entries.Select(entry => entry.Content).OfType<ConsentDecision>())
            newest[_groups.GroupOf(decision.UserId is { } user ? User(user) : "a:" + decision.AnonymousId)] = !decision.Choice.Analytics;
        return [.. newest.Where(group => group.Value).Select(group => group.Key)];
    }

    private Dictionary<string, List<Touch>> TouchesByGroup() => _calls.OfType<PageCall>()
        .Select(page => (Page: page, Source: TrafficSource.All.First(source => source.Referrer == page.Referrer && source.Campaign == page.Campaign)))
        .Where(visit => visit.Source.Channel is not null)
        .GroupBy(visit => GroupOf(visit.Page), StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key,
            group => group.Select(visit => new Touch(visit.Page.MessageId, visit.Page.Timestamp, visit.Source.Channel!, visit.Page.Consent!.Analytics))
                .OrderBy(touch => touch.Time).ThenBy(touch => touch.Id, StringComparer.Ordinal).ToList(),
            StringComparer.Ordinal);

    private TrueOrder Order(
        OrderCompletedCall order,
        Dictionary<string, string> persons,
        Dictionary<string, List<Touch>> touches,
        HashSet<string> withdrawn,
        decimal refunded)
    {
        var group = GroupOf(order);
        var near = touches.GetValueOrDefault(group, [])
            .Where(touch => touch.Time <= order.Timestamp && order.Timestamp - touch.Time <= TimeSpan.FromDays(LookbackDays))
            .ToList();
        var allowed = order.Consent!.Analytics && !withdrawn.Contains(group) ? near.FindAll(touch => touch.Consented) : [];
        var channel = allowed.Count > 0 ? allowed[^1].Channel : near.Count > 0 ? "unconsented" : "direct";
        return new TrueOrder(
            order.OrderId, persons[order.MessageId], order.Total, refunded, channel, [.. allowed.Select(touch => touch.Id)]);
    }

    private Dictionary<string, string> PersonOf()
    {
        var byDevice = people.SelectMany(shopper => shopper.Devices.Where(device => !_shared.Contains(device)).Select(device => (device, shopper.Name)))
            .ToDictionary(pair => pair.device, pair => pair.Name, StringComparer.Ordinal);
        var byUser = people.Where(shopper => shopper.UserId is not null)
            .ToDictionary(shopper => shopper.UserId!, shopper => shopper.Name, StringComparer.Ordinal);
        return _calls.OfType<OrderCompletedCall>().ToDictionary(
            order => order.MessageId,
            order => order.UserId is { } user ? byUser[user] : byDevice[order.AnonymousId],
            StringComparer.Ordinal);
    }

    private List<TruePerson> People()
    {
        var seen = _groups.Identifiers.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. people.Select(shopper => new TruePerson(
                shopper.Name,
                shopper.UserId is { } user && seen.Contains(User(user)) ? user : null,
                [
                    .. Own(shopper).Where(seen.Contains).GroupBy(_groups.GroupOf, StringComparer.Ordinal)
                        .Select(group => (IReadOnlyList<string>)[.. group]),
                ])).Where(person => person.Profiles.Count > 0),
        ];
    }

    private static IEnumerable<string> Own(Shopper shopper)
    {
        if (shopper.UserId is { } user)
            yield return User(user);
        if (shopper.Email is { } email)
            yield return "e:" + email;
        foreach (var device in shopper.Devices.Where(device => device != shopper.SharedDevice))
            yield return "a:" + device;
    }

    private SortedDictionary<DateOnly, decimal> RevenueByDay()
    {
        var byDay = new SortedDictionary<DateOnly, decimal>();
        foreach (var order in _calls.OfType<OrderCompletedCall>())
        {
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(order.Timestamp, Zone).DateTime);
            byDay[day] = byDay.GetValueOrDefault(day) + order.Total;
        }
        return byDay;
    }

    private SortedDictionary<string, decimal> NetSpend()
    {
        var byGroup = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var call in _calls)
        {
            var amount = call switch { OrderCompletedCall order => order.Total, OrderRefundedCall refund => -refund.Total, _ => 0m };
            if (amount != 0m)
                byGroup[GroupOf(call)] = byGroup.GetValueOrDefault(GroupOf(call)) + amount;
        }
        var customers = people.Select(shopper => shopper.UserId).OfType<string>()
            .Where(user => _groups.Identifiers.Contains(User(user), StringComparer.Ordinal));
        return new SortedDictionary<string, decimal>(
            customers.ToDictionary(user => user, user => byGroup.GetValueOrDefault(_groups.GroupOf(User(user)))), StringComparer.Ordinal);
    }

    private SortedDictionary<string, string> Quarantine()
    {
        var refused = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry.Refusal is not null))
            refused.Add(System.Text.Json.JsonDocument.Parse((string)entry.Content).RootElement.GetProperty("messageId").GetString()!, entry.Refusal!);
        return refused;
    }

    private sealed record Touch(string Id, DateTimeOffset Time, string Channel, bool Consented);
}
