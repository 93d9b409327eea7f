namespace Commerce.Streaming.Ingest.Tests.Domain;

public sealed class VisitRulesTests
{
    [Fact]
    public void Campaign_comes_from_the_context_and_what_it_leaves_out_from_the_url()
    {
        var read = Reading.Event("""
            {"type":"page","anonymousId":"a","context":{"campaign":{"source":"news","name":"june"},
             "page":{"url":"https://shop.example/p/1?utm_source=other&utm_medium=email&utm_content=a+b%21&gclid=AbC_9"}}}
            """);
        var campaign = read.Campaign.ShouldNotBeNull();
        (campaign.Source, campaign.Medium, campaign.Name, campaign.Content, campaign.Term, campaign.ClickId)
            .ShouldBe(("news", "email", "june", "a b!", null, "gclid:AbC_9"));
        read.PageUrl.ShouldBe("https://shop.example/p/1");
    }

    [Theory]
    [InlineData("https://www.google.com/search?q=x", "www.google.com")]
    [InlineData("https://shop.example/home", null)]
    [InlineData("https://www.shop.example/home", null)]
    [InlineData("android-app://com.google.android.gm", null)]
    [InlineData("", null)]
    [InlineData("not a url", null)]
    public void The_referrer_is_a_host_and_never_the_shop_itself(string referrer, string? host) =>
        Reading.Event("""{"type":"page","anonymousId":"a","properties":{"url":"https://shop.example/p","referrer":"REFERRER","title":"P"}}""".Replace("REFERRER", referrer))
            .ReferrerHost.ShouldBe(host);

    [Fact]
    public void Addresses_of_pages_are_not_kept_among_the_properties() =>
        Reading.Event("""{"type":"page","anonymousId":"a","properties":{"url":"https://s.example/?t=1","search":"?t=1","path":"/p","title":"P"}}""")
            .Properties.Keys.ShouldBe(["path", "title"], ignoreOrder: true);

    [Fact]
    public void Without_any_campaign_there_is_none() =>
        Reading.Event("""{"type":"page","anonymousId":"a","context":{"page":{"url":"https://s.example/?x=1"},"campaign":{}}}""").Campaign.ShouldBeNull();
}
