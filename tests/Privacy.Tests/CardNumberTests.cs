using CsCheck;

namespace Commerce.Streaming.Privacy.Tests;

public sealed class CardNumberTests
{
    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("my card 5555-5555-5555-4444 exp 12/27")]
    [InlineData("4111 1111 1111 1111 12/27")]
    [InlineData("order 12 4111 1111 1111 1111")]
    [InlineData("378282246310005")]
    [InlineData("3782 822463 10005")]
    [InlineData("36227206271667")]
    [InlineData("6011111111111117")]
    [InlineData("3530111333300000")]
    [InlineData("2223003122003222")]
    [InlineData("https://shop.example/pay?n=4242424242424242&x=1")]
    public void Card_is_found(string text) => CardNumber.IsIn(text).ShouldBeTrue();

    [Theory]
    [InlineData("4111111111111112")] // Luhn fails
    [InlineData("4006381333931")] // an EAN-13
    [InlineData("1700000000000000")] // no network issues 17…
    [InlineData("41111111111111111111")] // too long
    [InlineData("a4111111111111111")]
    [InlineData("41111111-1111-4111-8111-111111111111")]
    [InlineData("2024-06-01 12:00:00.000")]
    [InlineData("")]
    public void Other_numbers_are_not_cards(string text) => CardNumber.IsIn(text).ShouldBeFalse();

    [Fact]
    public void No_uuid_is_ever_taken_for_a_card() =>
        Gen.UInt[0, 99_999_999].Select(Gen.UInt[0, 9_999], Gen.UInt[0, 9_999], Gen.UInt[0, 9_999]).Sample((a, b, c, d) =>
            !CardNumber.IsIn($"{a:D8}-{b:D4}-{c:D4}-{d:D4}-{a:D8}{b:D4}"), iter: 20_000);

    [Theory]
    [InlineData("""{"n":4111111111111111,"t":"5555-5555-5555-4444!"}""", """{"n":1111111111111111,"t":"1111-1111-1111-4444!"}""")]
    [InlineData("nothing here 1234567", "nothing here 1234567")]
    public void Mask_leaves_the_last_four_digits_and_no_card(string text, string expected)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        CardNumber.IsIn(bytes).ShouldBe(CardNumber.IsIn(text));
        CardNumber.Mask(bytes);
        System.Text.Encoding.UTF8.GetString(bytes).ShouldBe(expected);
        CardNumber.IsIn(bytes).ShouldBeFalse();
    }
}
