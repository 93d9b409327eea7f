using Commerce.Streaming.Attribution.Domain;
using CsCheck;

namespace Commerce.Streaming.Attribution.Tests;

public sealed class SplitTests
{
    [Fact]
    public void What_does_not_divide_goes_to_the_earlier_of_equal_parts() =>
        Split.Exactly(140m, [1, 1, 1]).ShouldBe([46.6667m, 46.6667m, 46.6666m]);

    [Fact]
    public void Largest_remainder_gets_the_unit_that_is_left() =>
        // 0.0005 as 1 : 2 : 4 is 0.71, 1.43 and 2.86 units.
        Split.Exactly(0.0005m, [1, 2, 4]).ShouldBe([0.0001m, 0.0001m, 0.0003m]);

    [Fact]
    public void Negative_amount_is_split_like_its_opposite() =>
        Split.Exactly(-140m, [1, 1, 1]).ShouldBe([-46.6667m, -46.6667m, -46.6666m]);

    [Fact]
    public void Nothing_is_split_into_nothing() => Split.Exactly(0m, [3, 1]).ShouldBe([0m, 0m]);

    [Fact]
    public void Largest_amount_of_the_contracts_is_split_exactly() =>
        Split.Exactly(999_999_999_999_999.9999m, [1L << 40, 1L << 39, 7]).Sum().ShouldBe(999_999_999_999_999.9999m);

    [Theory]
    [InlineData("0.00001", 1L)]
    [InlineData("1", 0L)]
    [InlineData("1", -1L)]
    public void What_cannot_be_split_exactly_is_refused(string amount, long weight) =>
        Should.Throw<ArgumentException>(() => Split.Exactly(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), [weight]));

    [Fact]
    public void Parts_sum_to_the_whole_keep_its_sign_and_are_less_than_a_unit_off() =>
        Gen.Select(Gen.Long[-10_000_000_000, 10_000_000_000], Gen.Long[0, 1L << 41].Array[1, 40]).Where((_, weights) => weights.Any(weight => weight > 0))
            .Sample((units, weights) =>
            {
                var amount = units / 10_000m;
                var parts = Split.Exactly(amount, weights);
                parts.Sum().ShouldBe(amount);
                parts.ShouldAllBe(part => part == 0 || Math.Sign(part) == Math.Sign(amount));
                var total = weights.Sum(weight => (decimal)weight);
                parts.Zip(weights).ShouldAllBe(part => Math.Abs(part.First - (amount * part.Second / total)) < 0.0001m);
            });
}
