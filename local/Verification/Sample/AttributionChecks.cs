using Commerce.Streaming.SampleShop;
using Commerce.Streaming.Verification.Warehouse;

namespace Commerce.Streaming.Verification.Sample;

/// <summary>Compares credited touches with the touches that led to each order.</summary>
public static class AttributionChecks
{
    private const string NoTouch = "(none)";

    /// <param name="lastTouch">Credits of the last-touch model by order.</param>
    /// <param name="linear">Credits of the linear model by order: it has every touch.</param>
    public static IReadOnlyList<Check> Run(SampleTruth truth, ILookup<string, CreditedTouch> lastTouch, ILookup<string, CreditedTouch> linear) =>
    [
        Compare("last touch of every order", truth.Orders, order => LastOf(order) + " " + order.Channel,
            order => string.Join(", ", lastTouch[order.OrderId].Select(touch => touch.Touch + " " + touch.Channel))),
        Compare("all touches of every order", truth.Orders, order => string.Join(", ", order.Touches.DefaultIfEmpty(NoTouch)),
            order => string.Join(", ", linear[order.OrderId].Select(touch => touch.Touch))),
        Consent(truth, lastTouch),
    ];

    private static string LastOf(TrueOrder order) => order.Touches.Count > 0 ? order.Touches[^1] : NoTouch;

    private static Check Compare(string subject, IReadOnlyList<TrueOrder> orders, Func<TrueOrder, string> expected, Func<TrueOrder, string> actual)
    {
        var wrong = orders.Where(order => expected(order) != actual(order)).ToList();
        return new Check(
            subject,
            Numbers.Text(orders.Count),
            Numbers.Text(orders.Count - wrong.Count),
            [.. wrong.Take(Check.DifferencesMax).Select(order => $"{order.OrderId}: expected {expected(order)}, found {actual(order)}")],
            wrong.Count);
    }

    /// <summary>Orders of people who refused or took back their consent have touches, and none is credited.</summary>
    private static Check Consent(SampleTruth truth, ILookup<string, CreditedTouch> lastTouch)
    {
        var forbidden = truth.Orders.Where(order => order.Channel == "unconsented").ToList();
        var used = forbidden.Where(order => lastTouch[order.OrderId].Any(touch => touch.Touch != NoTouch)).ToList();
        return new Check(
            "orders whose touches consent forbids to use",
            Numbers.Text(forbidden.Count),
            Numbers.Text(forbidden.Count - used.Count),
            [.. used.Take(Check.DifferencesMax).Select(order => $"{order.OrderId}: a touch is credited without consent")],
            used.Count);
    }
}
