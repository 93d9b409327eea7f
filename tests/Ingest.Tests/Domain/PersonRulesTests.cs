using System.Text.Json;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Tests.Domain;

public sealed class PersonRulesTests
{
    private static readonly string JanePseudonym = Reading.Pseudonymizer.Email("jane@example.org");

    [Theory]
    [InlineData("""{"type":"identify","userId":"u1","anonymousId":"a1","traits":{"email":"Jane@Example.org"}}""", "u1", "a1", true, "u:shop:u1")]
    [InlineData("""{"type":"identify","anonymousId":"a1","traits":{"email":" jane@example.org "}}""", null, "a1", true, "e:")]
    [InlineData("""{"type":"track","event":"A","anonymousId":"a1","context":{"traits":{"email":"jane@example.org"}}}""", null, "a1", true, "e:")]
    [InlineData("""{"type":"track","event":"A","anonymousId":"a1","properties":{"email":"jane@example.org"}}""", null, "a1", true, "e:")]
    [InlineData("""{"type":"track","event":"A","anonymousId":"a1","properties":{"email":"none"}}""", null, "a1", false, "a:a1")]
    [InlineData("""{"type":"track","event":"A","userId":17850,"anonymousId":null}""", "17850", null, false, "u:shop:17850")]
    [InlineData("""{"type":"track","event":"A","userId":"  ","anonymousId":"a1"}""", null, "a1", false, "a:a1")]
    public void The_strongest_identifier_is_the_key(string json, string? userId, string? anonymousId, bool hasEmail, string key)
    {
        var outcome = Reading.Outcome(json).ShouldBeOfType<EventOutcome.Collected>();
        (outcome.Event.UserId, outcome.Event.AnonymousId).ShouldBe((userId, anonymousId));
        outcome.Event.EmailPseudonym.ShouldBe(hasEmail ? JanePseudonym : null);
        outcome.Key.ShouldBe($"default/{(key == "e:" ? $"e:{JanePseudonym}" : key)}");
    }

    [Fact]
    public void An_address_as_user_id_becomes_its_pseudonym_and_links_to_the_address()
    {
        var read = Reading.Event("""{"type":"track","event":"A","userId":"Jane@example.org"}""");
        (read.UserId, read.EmailPseudonym).ShouldBe((JanePseudonym, JanePseudonym));
        Reading.Event("""{"type":"track","event":"A","userId":"+49 30 1234567"}""").UserId!.ShouldStartWith("ph_");
        Reading.Event("""{"type":"alias","userId":"u","previousId":"jane@example.org"}""").PreviousId.ShouldBe(JanePseudonym);
    }

    [Fact]
    public void Nothing_personal_is_kept_in_the_clear()
    {
        const string json = """
            {"type":"identify","userId":"u1","messageId":"m1",
             "traits":{"email":"jane@example.org","name":"Jane Doe","firstName":"Jane","last_name":"Doe","phone":"+49 30 1234567","birthday":"1980-01-02",
               "address":{"street":"Main St 1","city":"Berlin","postalCode":"10115"},"company":{"name":"ACME","billingEmail":"acme@example.org"},
               "plan":"gold","age":34,"note":"call +49 30 7654321","contact":"jane@example.org","text":"ask jane@example.org please","vip":true},
             "context":{"ip":"203.0.113.7","userAgent":"UA","traits":{"email":"jane@example.org"},
               "page":{"url":"https://shop.example/account/jane@example.org?token=abc#x","referrer":"https://ref.example/?q=jane@example.org"},
               "campaign":{"content":"jane@example.org"}}}
            """;
        var read = Reading.Event(json);
        var kept = JsonSerializer.Serialize(read with { EmailPseudonym = null });
        foreach (var personal in new[] { "jane", "doe", "1234567", "7654321", "1980", "Main St", "10115", "acme@", "203.0", "abc", "UA\"" })
            kept.ShouldNotContain(personal, Case.Insensitive);
        read.Properties.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, each.Value)).ShouldBe(
        [
            ("age", "34"), ("company.name", "ACME"), ("note", "call ***"), ("plan", "gold"), ("text", "ask *** please"), ("vip", "true"),
        ]);
        read.PageUrl.ShouldBe("https://shop.example/account/***");
        read.ReferrerHost.ShouldBe("ref.example");
    }

    [Theory]
    [InlineData("email", true)]
    [InlineData("customerEmail", true)]
    [InlineData("customer_e-mail", true)]
    [InlineData("Billing Phone", true)]
    [InlineData("shippingAddress", true)]
    [InlineData("firstName", true)]
    [InlineData("ip", true)]
    [InlineData("IPAddress", true)]
    [InlineData("name", false)]
    [InlineData("product_name", false)]
    [InlineData("zipper_length", false)]
    [InlineData("smartphone_model", false)]
    [InlineData("shipping_method", false)]
    [InlineData("recipe", false)]
    public void Names_of_properties_tell_what_is_personal(string key, bool personal) => PersonalKeys.IsPersonal(key).ShouldBe(personal);

    [Fact]
    public void A_long_number_that_is_an_id_is_no_card() =>
        Reading.Event("""{"type":"track","event":"A","userId":"u","properties":{"order_id":"4111111111111111","checkoutId":4111111111111111}}""")
            .Properties.Count.ShouldBe(2);
}
