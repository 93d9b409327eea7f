using Commerce.Attribution;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>Published vectors: snowplow's attribution package (Direct, Organic, Direct for 140.00) and Google Ads' half-life of a week.</summary>
public sealed class ModelTests
{
    private static readonly CreditRules Rules = new();

    [Theory]
    [InlineData("last_touch", 0, 0, 140)]
    [InlineData("position_based", 56, 28, 56)]
    public void Three_touches(string model, int first, int second, int third) =>
        Of(model, 140m, 21, 14, 7).ShouldBe([.. new decimal[] { first, second, third }.Where(credit => credit > 0)]);

    [Fact]
    public void Linear_gives_each_touch_the_same() => Of("linear", 140m, 21, 14, 7).ShouldBe([46.6667m, 46.6667m, 46.6666m]);

    [Theory]
    [InlineData("position_based")]
    [InlineData("linear")]
    public void Two_touches_have_half_each(string model) => Of(model, 66.50m, 2, 1).ShouldBe([33.25m, 33.25m]);

    [Theory]
    [InlineData("last_touch")]
    [InlineData("linear")]
    [InlineData("position_based")]
    [InlineData("time_decay")]
    public void One_touch_has_all(string model) => Of(model, 66.50m, 3).ShouldBe([66.50m]);

    [Fact]
    public void Position_based_gives_a_fifth_to_all_between() => Of("position_based", 100m, 5, 4, 3, 2, 1).ShouldBe([40m, 6.6667m, 6.6667m, 6.6666m, 40m]);

    [Fact]
    public void Time_decay_halves_in_a_week() => Of("time_decay", 1m, 14, 7, 0).ShouldBe([0.1429m, 0.2857m, 0.5714m]);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(3.25)]
    [InlineData(10.123)]
    [InlineData(29.99)]
    public void Time_decay_follows_the_power_of_two(double days)
    {
        var model = Models.All.Single(model => model.Name == "time_decay");
        var weights = model.Weigh([TimeSpan.FromDays(days), TimeSpan.Zero]);
        ((double)weights[0] / weights[1]).ShouldBe(Math.Pow(2, -days / 7), 1e-11);
    }

    private static List<decimal> Of(string model, decimal revenue, params int[] daysBefore)
    {
        Touch[] touches = [.. daysBefore.Select((days, index) => Given.Touch($"t{index}", days))];
        var credited = Credits.Of(Given.Path(revenue), "p_1", touches, withdrawn: false, Causes.Order, Rules);
        return [.. credited.Models.Single(credits => credits.Model == model).Credits.Select(credit => credit.Credit)];
    }
}
