using Commerce.Collection;
using Commerce.Orders;
using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution.Tests;

public sealed class ChannelRulesTests
{
    private static readonly ChannelRules Rules = ChannelRulesFile.Load();

    [Theory]
    [InlineData("google", "cpc", null, "paid_search")]
    [InlineData("Google", "CPC", "Brand", "paid_search")]
    [InlineData("google", "cpc", "summer_shop", "paid_shopping")]
    [InlineData("google", "cpc", "shopping_de", "paid_shopping")]
    [InlineData("google", "cpc", "eshop", "paid_shopping")]
    [InlineData("google", "cpc", "workshop", "paid_search")]
    [InlineData("google", null, "cross-network", "cross_network")]
    [InlineData("facebook", "paid_social", null, "paid_social")]
    [InlineData("youtube.com", "ppc", null, "paid_video")]
    [InlineData("criteo", "retargeting", null, "paid_other")]
    [InlineData("criteo", "display", null, "display")]
    [InlineData("idealo", "referral", null, "organic_shopping")]
    [InlineData("instagram", "story", null, "organic_social")]
    [InlineData("somewhere", "social", null, "organic_social")]
    [InlineData("somewhere", "preroll-video", null, "organic_video")]
    [InlineData("google", "organic", null, "organic_search")]
    [InlineData("somewhere", "organic", null, "organic_search")]
    [InlineData("newsletter", "email", "spring", "email")]
    [InlineData("partner", "affiliate", null, "affiliates")]
    [InlineData("partner", "referral", null, "referral")]
    [InlineData("spotify", "audio", null, "audio")]
    [InlineData("sms", null, null, "sms")]
    [InlineData("app", "webpush", null, "mobile_push")]
    [InlineData("firebase", null, null, "mobile_push")]
    [InlineData("flyer", "qr", "easter", "unassigned")]
    [InlineData(null, null, "easter", "unassigned")]
    [InlineData("(direct)", "(none)", null, null)]
    public void Campaign(string? source, string? medium, string? name, string? channel) =>
        Rules.ChannelOf(Given.Campaign(source, medium, name), referrerHost: null).ShouldBe(channel);

    [Theory]
    [InlineData("www.google.co.uk", "organic_search")]
    [InlineData("t.co", "organic_social")]
    [InlineData("l.instagram.com", "organic_social")]
    [InlineData("m.youtube.com", "organic_video")]
    [InlineData("www.idealo.de", "organic_shopping")]
    [InlineData("blog.example.org", "referral")]
    [InlineData("www.paypal.com", null)]
    [InlineData("notpaypal.com", "referral")]
    [InlineData(" ", null)]
    [InlineData(null, null)]
    public void Referrer(string? host, string? channel) => Rules.ChannelOf(null, host).ShouldBe(channel);

    [Theory]
    [InlineData("gclid:abc", "paid_search")]
    [InlineData("msclkid:abc", "paid_search")]
    [InlineData("dclid:abc", "display")]
    [InlineData("ttclid:abc", "paid_social")]
    [InlineData("fbclid:abc", "organic_social")]
    [InlineData("other:abc", null)]
    public void Click_id(string clickId, string? channel) => Rules.ChannelOf(Given.Campaign(clickId: clickId), null).ShouldBe(channel);

    [Fact]
    public void Campaign_comes_before_referrer() => Rules.ChannelOf(Given.Campaign("newsletter", "email"), "www.google.com").ShouldBe("email");

    [Fact]
    public void Visit_by_campaign_is_a_touch()
    {
        var touch = Touches.Of(Given.Visit("m1", Given.Campaign("newsletter", "email", "Spring")), Rules)!;

        (touch.TouchId, touch.Channel, touch.Campaign, touch.Consented).ShouldBe(("m1", "email", "Spring", true));
        touch.TouchedAt.ShouldBe(Given.Day.AddDays(-1));
    }

    [Fact]
    public void Visit_without_consent_leaves_its_time_alone()
    {
        var touch = Touches.Of(Given.Visit("m1", Given.Campaign("newsletter", "email", "Spring"), consented: false), Rules)!;

        (touch.Channel, touch.Campaign, touch.Consented).ShouldBe(("unconsented", null, false));
    }

    [Fact]
    public void Direct_visits_orders_and_identify_calls_are_no_touches()
    {
        var visit = Given.Visit("m1", referrerHost: "blog.example.org");
        Touches.Of(visit, Rules).ShouldNotBeNull();

        Touches.Of(visit with { ReferrerHost = null }, Rules).ShouldBeNull();
        Touches.Of(visit with { Kind = EventKind.IDENTIFY }, Rules).ShouldBeNull();
        Touches.Of(visit with { Order = Given.Completed("o1", "p_1", 1m).Order }, Rules).ShouldBeNull();
        Touches.Of(visit with { Refund = Given.Refunded("r1", "o1", "p_1", 1m).Refund }, Rules).ShouldBeNull();
    }
}
