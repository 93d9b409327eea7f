using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commerce.Attribution;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>Credits of one order: a pure function of the order, the profile's touches and its consent.</summary>
public static class Credits
{
    /// <summary>Stands where a touch would, when none led to the order.</summary>
    public const string NoTouch = "(none)";

    /// <param name="touches">All of the profile's touches, in any order.</param>
    /// <param name="withdrawn">The profile's current decision forbids analytics.</param>
    /// <param name="cause">Why it is stated.</param>
    public static OrderCredited Of(OrderPath order, string profileId, IReadOnlyList<Touch> touches, bool withdrawn, string cause, CreditRules rules)
    {
        var net = Net(order);
        var inWindow = touches.Where(touch => Covers(touch, order, rules)).ToList();
        var eligible = withdrawn || !order.Consented ? [] : Eligible(inWindow, rules);
        return new OrderCredited
        {
            Platform = order.Platform,
            OrderId = order.OrderId,
            ProfileId = profileId,
            Version = order.Version + 1,
            Currency = order.Currency,
            NetRevenue = net,
            OrderedAt = order.OrderedAt,
            Cause = cause,
            Models = eligible.Count > 0
                ? [.. Models.All.Select(model => Share(model, net, eligible, order.OrderedAt))]
                : Unshared(net, inWindow.Count > 0 ? Channels.Unconsented : Channels.Direct),
        };
    }

    /// <summary>Revenue less refunds. A refund in another currency cannot be taken off.</summary>
    public static decimal Net(OrderPath order) =>
        order.Revenue - order.Refunds.Where(refund => refund.Currency == order.Currency).Sum(refund => refund.Amount);

    /// <summary>Whether a touch was within the lookback before the order, both ends included.</summary>
    public static bool Covers(Touch touch, OrderPath order, CreditRules rules) =>
        touch.TouchedAt <= order.OrderedAt && order.OrderedAt - touch.TouchedAt <= rules.Lookback;

    /// <summary>Equal for equal statements, whatever their version and cause.</summary>
    public static string Fingerprint(OrderCredited credited)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{credited.ProfileId}\n{credited.Currency}\n{credited.NetRevenue:0.0000}\n");
        foreach (var model in credited.Models)
        {
            text.Append(model.Model).Append('\n');
            foreach (var credit in model.Credits)
                text.Append(CultureInfo.InvariantCulture, $"{credit.Touch}\t{credit.Channel}\t{credit.Campaign}\t{credit.Credit:0.0000}\n");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    private static List<Touch> Eligible(IEnumerable<Touch> inWindow, CreditRules rules) =>
    [
        .. inWindow.Where(touch => touch.Consented)
            .OrderBy(touch => touch.TouchedAt).ThenBy(touch => touch.TouchId, StringComparer.Ordinal)
            .TakeLast(rules.MaxTouchesPerOrder),
    ];

    private static ModelCredits Share(Model model, decimal net, List<Touch> touches, DateTimeOffset orderedAt)
    {
        var weights = model.Weigh(touches.ConvertAll(touch => orderedAt - touch.TouchedAt));
        var credits = Split.Exactly(net, weights);
        return new ModelCredits
        {
            Model = model.Name,
            Credits =
            [
                .. touches.Zip(credits, weights).Where(share => share.Third > 0).Select(share => new TouchCredit
                {
                    Touch = share.First.TouchId,
                    Channel = share.First.Channel,
                    Campaign = share.First.Campaign,
                    TouchedAt = share.First.TouchedAt,
                    Credit = share.Second,
                }),
            ],
        };
    }

    private static List<ModelCredits> Unshared(decimal net, string channel) =>
    [
        .. Models.All.Select(model => new ModelCredits
        {
            Model = model.Name,
            Credits = [new TouchCredit { Touch = NoTouch, Channel = channel, Credit = net }],
        }),
    ];
}
