using System.Text.RegularExpressions;

namespace Commerce.Streaming.Contracts.Tests;

public sealed partial class CatalogueTests
{
    [Fact]
    public void Topic_names_follow_the_convention() =>
        Topics.All.Select(topic => topic.Name).ShouldAllBe(name => TopicName().IsMatch(name));

    [Fact]
    public void Topic_names_are_unique() =>
        Topics.All.Select(topic => topic.Name).ShouldBeUnique();

    [Fact]
    public void A_compacted_topic_has_no_retention_and_a_deleted_one_has_one() =>
        Topics.All.ShouldAllBe(topic => (topic.CleanupPolicy == "compact") == (topic.Retention == null));

    [Fact]
    public void Every_value_schema_stands_alone() =>
        Topics.All.ShouldAllBe(topic => Avro.Schema.Parse(topic.ValueSchema.ToString()).Equals(topic.ValueSchema));

    [GeneratedRegex(@"^commerce(\.[a-z][a-z-]*)+\.v[1-9]$")]
    private static partial Regex TopicName();
}
