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

    [Theory]
    [InlineData("user", "anonymous", "email", true)]
    [InlineData("anonymous", "email", "user", false)]
    [InlineData("anonymous", "user", "email", true)]
    public void The_newest_decision_among_the_identifiers_holds_whoever_it_was_made_as(string first, string second, string third, bool holds)
    {
        // Only the middle one in order of time allows nothing; the last one allows what is expected.
        string[] inTime = [first, second, third];
        var decisions = new Reading.Decisions();
        for (var place = 0; place < inTime.Length; place++)
            decisions[IdOf(inTime[place])] = new Decision(All(place == 2 ? holds : !holds), Reading.Now.AddHours(place));
        var consent = Reading.Event(Known, decisions: decisions).Consent;
        (consent.Advertising, consent.Basis).ShouldBe((holds, ConsentBasis.DECISION));
    }

    [Fact]
    public void Of_decisions_of_one_time_a_withdrawal_beats_a_grant_purpose_by_purpose()
    {
        foreach (var (one, other) in ((string, string)[])[("user", "anonymous"), ("anonymous", "user"), ("email", "user")])
        {
            var consent = Reading.Event(Known, decisions: new Reading.Decisions
            {
                [IdOf(one)] = new Decision(new Purposes(Analytics: true, Advertising: true, Personalization: false), Reading.Now),
                [IdOf(other)] = new Decision(new Purposes(Analytics: true, Advertising: false, Personalization: true), Reading.Now),
            }).Consent;
            (consent.Analytics, consent.Advertising, consent.Personalization).ShouldBe((true, false, false));
        }
    }

    [Fact]
    public void An_identifier_without_a_decision_takes_nothing_away() =>
        Reading.Event(Known, decisions: new Reading.Decisions { [IdOf("anonymous")] = new Decision(All(true), Reading.Now) })
            .Consent.Basis.ShouldBe(ConsentBasis.DECISION);

    private const string Known = """{"type":"page","userId":"u1","anonymousId":"a1","traits":{"email":"jane@example.org"}}""";

    private static Purposes All(bool allowed) => new(allowed, allowed, allowed);

    private static string IdOf(string kind) => kind switch
    {
        "user" => "u:shop:u1",
        "email" => $"e:{Reading.Pseudonymizer.Email("jane@example.org")}",
        _ => "a:a1",
    };
}
