using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution.Tests;

public sealed class IdentifierRulesTests
{
    [Fact]
    public void Identifiers_come_highest_kind_first_and_once()
    {
        var collected = Given.Event("m1", userId: "7", email: "em_1", anonymousId: "dev") with { PreviousId = "dev" };

        IdentifierRules.Of(collected, BlockedValues.Default).ShouldBe(["u:shop:7", "e:em_1", "a:dev"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData(" NULL ")]
    [InlineData("undefined")]
    [InlineData("Anonymous")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void Default_values_are_no_identifiers(string value)
    {
        IdentifierRules.Of(Given.Event("m1", userId: value, anonymousId: value), BlockedValues.Default).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-12")]
    [InlineData("nullable")]
    public void Real_values_that_look_like_defaults_stay(string value) => BlockedValues.Default.Blocks(value).ShouldBeFalse();

    [Theory]
    [InlineData("u:shop:a:b", IdentifierKind.User, "shop", "a:b")]
    [InlineData("e:em_1", IdentifierKind.Email, null, "em_1")]
    [InlineData("a:x:y", IdentifierKind.Anonymous, null, "x:y")]
    [InlineData("o:shop/1", IdentifierKind.None, null, "o:shop/1")]
    public void Parts_of_an_identifier(string identifier, IdentifierKind kind, string? platform, string value)
    {
        IdentifierRules.KindOf(identifier).ShouldBe(kind);
        IdentifierRules.PlatformOf(identifier).ShouldBe(platform);
        IdentifierRules.ValueOf(identifier).ShouldBe(value);
    }

    [Fact]
    public void Profile_id_is_the_first_130_bits_of_the_hash_in_base32()
    {
        // printf 'default\nu:shop:7' | openssl dgst -sha256 -binary | base32 | cut -c1-26 | tr A-Z a-z
        ProfileIds.Of("default", "u:shop:7").ShouldBe("p_dueyjfplvcacqjh5us5di4lzb6");
    }

    [Fact]
    public void An_order_and_its_refund_by_nobody_share_a_profile()
    {
        var order = Given.Event("m1") with { Order = Given.Order("o1") };
        var refund = Given.Event("m2") with { Refund = Given.Refund("r1", "o1") };

        IdentifierRules.Nobody(refund).ShouldBe(IdentifierRules.Nobody(order));
        IdentifierRules.Nobody(Given.Event("m3")).ShouldNotBe(IdentifierRules.Nobody(Given.Event("m4")));
    }
}
