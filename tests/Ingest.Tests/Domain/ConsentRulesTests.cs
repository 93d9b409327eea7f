using Commerce.Consent;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Tests.Domain;

public sealed class ConsentRulesTests
{
    [Theory]
    [InlineData("""{"analytics":false,"advertising":true,"personalization":true}""", false, true, true, ConsentBasis.EVENT)]
    [InlineData("""{"analytics":"false"}""", false, false, false, ConsentBasis.EVENT)]
    [InlineData("""{"advertising":true}""", true, true, false, ConsentBasis.EVENT)]
    [InlineData("""{"Functional":true}""", true, false, false, ConsentBasis.SOURCE_DEFAULT)]
    [InlineData("""null""", true, false, false, ConsentBasis.SOURCE_DEFAULT)]
    public void What_the_event_says_comes_first_and_the_rest_is_the_sources_default(
        string stated, bool analytics, bool advertising, bool personalization, ConsentBasis basis)
    {
        var consent = Reading.Event("""{"type":"page","anonymousId":"a","context":{"consent":{"categoryPreferences":STATED}}}""".Replace("STATED", stated)).Consent;
        (consent.Analytics, consent.Advertising, consent.Personalization, consent.Basis).ShouldBe((analytics, advertising, personalization, basis));
    }

    [Fact]
    public void The_decision_of_the_strongest_identifier_that_has_one_holds()
    {
        var decisions = new Reading.Decisions
        {
            ["a:a1"] = new(Analytics: false, Advertising: false, Personalization: false),
            ["u:shop:u1"] = new(Analytics: true, Advertising: true, Personalization: true),
        };
        Reading.Event("""{"type":"page","userId":"u1","anonymousId":"a1"}""", decisions: decisions).Consent.Advertising.ShouldBeTrue();
        var anonymous = Reading.Event("""{"type":"page","userId":"u2","anonymousId":"a1"}""", decisions: decisions).Consent;
        (anonymous.Analytics, anonymous.Basis).ShouldBe((false, ConsentBasis.DECISION));
    }
}
