using System.Text;

namespace Commerce.Streaming.Privacy.Tests;

public sealed class PseudonymizerTests
{
    // The golden key and values: computed with `openssl dgst -sha256 -mac HMAC -macopt hexkey:…`, so that no refactoring of ours
    // can silently turn every known person into a stranger.
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");
    private readonly Pseudonymizer _pseudonymizer = new(Key);

    [Theory]
    [InlineData("jane.doe@example.org", "em_8dbbaf4b15fa3ca3e926bdd308bb077c")]
    [InlineData(" Jane.Doe@Example.ORG\t", "em_8dbbaf4b15fa3ca3e926bdd308bb077c")]
    [InlineData("jänë@exämple.org", "em_937c5677062a5e949230844e92beb404")]
    public void Email_is_the_golden_token(string address, string expected) => _pseudonymizer.Email(address).ShouldBe(expected);

    [Theory]
    [InlineData("+49 (30) 123-456.78", "ph_1a5117396bcb152f8cb93e7d330ef3f4")]
    [InlineData("00493012345678", "ph_1a5117396bcb152f8cb93e7d330ef3f4")]
    [InlineData("+٤٩٣٠١٢٣٤٥٦٧٨", "ph_1a5117396bcb152f8cb93e7d330ef3f4")]
    public void Phone_is_the_golden_token(string number, string expected) => _pseudonymizer.Phone(number).ShouldBe(expected);

    [Fact]
    public void Lower_casing_does_not_depend_on_the_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("tr-TR");
            Pseudonymizer.NormaliseEmail("INFO@X.ORG").ShouldBe("info@x.org");
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Another_key_gives_another_token() =>
        new Pseudonymizer(new byte[PrivacyOptions.KeyBytes]).Email("a@b.org").ShouldNotBe(_pseudonymizer.Email("a@b.org"));

    [Fact]
    public void Own_tokens_are_recognised_and_nothing_else()
    {
        Pseudonymizer.IsPseudonym(_pseudonymizer.Email("a@b.org")).ShouldBeTrue();
        Pseudonymizer.IsPseudonym(_pseudonymizer.Phone("+493012345678")).ShouldBeTrue();
        Pseudonymizer.IsPseudonym("em_").ShouldBeFalse();
        Pseudonymizer.IsPseudonym("em_" + new string('G', 32)).ShouldBeFalse();
    }
}
