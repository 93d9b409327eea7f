namespace Commerce.Streaming.Conventions.Tests;

public sealed class DocumentTests
{
    private const string Catalogue = """{"topics":[{"name":"commerce.orders.completed.v1"}]}""";

    [Fact]
    public void Relative_links_lead_somewhere() => DocumentRules.BrokenLinks(Repository.Current).ShouldHold(
        "Correct the path, or the heading behind the #");

    [Theory]
    [InlineData("[a](missing.md)", "missing.md")]
    [InlineData("[a](adr/0001.md#no-such-heading)", "no-such-heading")]
    [InlineData("![picture](images/missing.png)", "images/missing.png")]
    [InlineData("[a](#nowhere)", "nowhere")]
    [InlineData("[a](../../outside.md)", "outside.md")]
    public void A_broken_link_is_found(string link, string named) => DocumentRules.BrokenLinks(Repository.Of(
        ("docs/page.md", "# Page\n" + link),
        ("docs/adr/0001.md", "# First"))).ShouldFind(named);

    [Theory]
    [InlineData("[a](adr/0001.md)")]
    [InlineData("[a](adr/0001.md#the-first-one)")]
    [InlineData("[a](../src/)")]
    [InlineData("[a](#page-1-a-start)")]
    [InlineData("[a](https://example.org/x)")]
    [InlineData("`[a](missing.md)`")]
    [InlineData("```\n[a](missing.md)\n```")]
    public void A_good_link_passes(string link) => DocumentRules.BrokenLinks(Repository.Of(
        ("docs/page.md", "# Page 1: `a` start\n" + link),
        ("docs/adr/0001.md", "## The *first* one"),
        ("src/a.cs", ""))).ShouldBeEmpty();

    [Fact]
    public void Topics_named_in_documents_exist() => DocumentRules.UnknownTopics(Repository.Current).ShouldHold(
        "The catalogue is schemas/topics.json: correct the name, or add the topic");

    [Fact]
    public void An_unknown_topic_is_found() => DocumentRules.UnknownTopics(Repository.Of(
        ("schemas/topics.json", Catalogue),
        ("README.md", "reads `commerce.orders.completed.v1`"),
        ("docs/a.md", "and commerce.orders.completed.v2, or commerce.<domain>.<event>.v1"))).ShouldFind("docs/a.md:1: commerce.orders.completed.v2");
}
