using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Kafka;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>Partitions as a start finds them: what is waited for, and what no waiting helps.</summary>
public sealed class TopicCheckTests
{
    private readonly Topology _topology = Topology.Named("checked")
        .WithState(new Store<Tally>("tallies", TestTopics.Tallies("checked.changelog", partitions: 3)))
        .From(TestTopics.Tallies("checked.in", partitions: 3), (_, _) => { })
        .From(TestTopics.Tallies("checked.too", partitions: 3), (_, _) => { })
        .To(TestTopics.Tallies("checked.out", partitions: 3))
        .DeadLettersTo(TestTopics.DeadLetters("checked.dlq", 3));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 12)]
    public void As_many_as_catalogue_and_multiple_say_are_right(int multiple, int partitions) =>
        TopicCheck.Fault(_topology, multiple, Found(partitions)).ShouldBeNull();

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 3)]
    [InlineData(2, 12)]
    public void Another_number_is_refused_though_all_topics_agree(int multiple, int partitions) =>
        Should.Throw<TopologyException>(() => TopicCheck.Fault(_topology, multiple, Found(partitions)))
            .Message.ShouldContain($"checked.in has {partitions} partitions; schemas/topics.json and Kafka:PartitionsMultiple={multiple} say {3 * multiple}");

    [Fact]
    public void Topics_that_meet_in_a_partition_have_as_many()
    {
        foreach (var name in new[] { "checked.changelog", "checked.too" })
        {
            var found = Found(3);
            found[name] = 6;
            Should.Throw<TopologyException>(() => TopicCheck.Fault(_topology, 1, found)).Message.ShouldContain($"{name} has 6 partitions, checked.in has 3");
        }
    }

    [Fact]
    public void An_output_may_have_another_number()
    {
        var found = Found(3);
        found["checked.out"] = 50;
        TopicCheck.Fault(_topology, 1, found).ShouldBeNull();
    }

    [Fact]
    public void A_topic_that_is_missing_is_waited_for()
    {
        var found = Found(3);
        found.Remove("checked.dlq");
        TopicCheck.Fault(_topology, 1, found).ShouldBe("topic checked.dlq does not exist");
    }

    [Fact]
    public void While_partitions_are_raised_it_waits_whatever_their_number()
    {
        var found = Found(6);
        found[Repartitioning.Journal] = 1;
        TopicCheck.Fault(_topology, 1, found).ShouldBe(Repartitioning.Unfinished);
    }

    private Dictionary<string, int> Found(int partitions) => _topology.AllTopics.ToDictionary(topic => topic.Name, _ => partitions, StringComparer.Ordinal);
}
