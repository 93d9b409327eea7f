using Commerce.Streaming.Contracts;
using Commerce.Streaming.Warehouse.Sink;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Provision.Tests;

/// <summary>What schemas/topics.json says of readers and homes is what the services do.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void Readers_are_those_of_the_topologies_and_of_the_sink()
    {
        using var registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = "http://127.0.0.1:1" });
        var read = Pipelines.All.SelectMany(topology => topology.Inputs.Select(input => $"{input.Topic.Name} by {topology.Name}"))
            .Concat(new RecordReader(registry).TopicNames.Select(topic => $"{topic} by warehouse.sink"));

        Topics.All.SelectMany(topic => topic.Readers.Select(reader => $"{topic.Name} by {reader}")).Order().ShouldBe(read.Order());
        new SinkOptions().GroupId.ShouldBe("commerce.warehouse.sink");
        Pipelines.All.ShouldAllBe(topology => topology.GroupId == "commerce." + topology.Name);
    }

    [Fact]
    public void Every_compacted_topic_with_several_partitions_says_where_its_entries_belong()
    {
        Topics.All.Where(topic => topic.CleanupPolicy.Contains("compact", StringComparison.Ordinal) && topic.Partitions > 1)
            .ShouldAllBe(topic => topic.Home != null);
        Pipelines.All.SelectMany(topology => topology.Stores).Where(store => store.Changelog.Partitions > 1).ShouldAllBe(store => store.Changelog.Home != null);
    }

    [Fact]
    public void Timers_and_lines_have_rules_of_their_own()
    {
        foreach (var topology in Pipelines.All.Where(topology => topology.Inputs[0].Topic.Partitions > 1))
        {
            topology.Lines!.Changelog.Home!.Rule.ShouldBe(HomeRule.Letter, topology.Name);
            if (topology.TimerChangelog is not { } timers)
                continue;
            timers.Home!.Rule.ShouldBe(HomeRule.Timer, topology.Name);
            timers.Home.Timers.Keys.Order().ShouldBe(topology.Timers.Keys.Order(), topology.Name);
        }
    }
}
