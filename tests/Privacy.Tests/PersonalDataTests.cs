namespace Commerce.Streaming.Privacy.Tests;

public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("jane@example.org", true)]
    [InlineData("  Jane.O'Neil+shop@mail.example.co.uk ", true)]
    [InlineData("jane@localhost", false)]
    [InlineData("@example.org", false)]
    [InlineData("jane @example.org", false)]
    [InlineData("https://medium.com/@jane", false)]
    [InlineData("", false)]
    public void Looks_like_email(string text, bool expected) => PersonalData.LooksLikeEmail(text).ShouldBe(expected);

    [Theory]
    [InlineData("https://shop.example/?mail=jane@example.org&x=1", "https://shop.example/?mail=***&x=1")]
    [InlineData("https://shop.example/?mail=jane%40example.org", "https://shop.example/?mail=***")]
    [InlineData("call +49 (30) 123-4567 or write j@x.org!", "call *** or write ***!")]
    [InlineData("twitter @jane, size 12+3, 1+1000000000", "twitter @jane, size 12+3, 1***")]
    public void Addresses_and_numbers_inside_text_are_masked(string text, string expected) => PersonalData.Mask(text, "***").ShouldBe(expected);

    [Theory]
    [InlineData("+49 30 1234567", true)]
    [InlineData("0049301234567", true)]
    [InlineData("(030) 123 45 67", true)]
    [InlineData("030 12345678", true)]
    [InlineData("17850", false)]
    [InlineData("5901234123457", false)]
    [InlineData("2010-12-01", false)]
    [InlineData("192.168.100.200", false)]
    [InlineData("SKU-100-200-300", false)]
    public void Looks_like_phone(string text, bool expected) => PersonalData.LooksLikePhone(text).ShouldBe(expected);
}
