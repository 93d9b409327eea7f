using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests;

public sealed class TopologyValidationTests
{
    [Fact]
    public void All_faults_are_reported_together()
    {
        var topology = Topology.Named("faulty")
            .From(TestTopics.Tallies("faulty.in", partitions: 3), (_, _) => { })
            .From(TestTopics.Tallies("faulty.other", partitions: 4), (_, _) => { })
            .WithState(new Store<Tally>("twice", TestTopics.Tallies("faulty.changelog", partitions: 3)))
            .WithState(new Store<Tally>("twice", TestTopics.Tallies("faulty.changelog", partitions: 3)))
            .OnTimer(TopologyTimer.InStreamTime("timer"), (_, _) => { });

        var message = Should.Throw<TopologyException>(() => new TopologyTestDriver(topology)).Message;

        message.ShouldContain("faulty.other has 4 partitions");
        message.ShouldContain("two stores named twice");
        message.ShouldContain("share the changelog faulty.changelog");
        message.ShouldContain(".DeadLettersTo");
        message.ShouldContain(".WithTimers");
    }

    [Theory]
    // Vectors of org.apache.kafka.common.utils.UtilsTest.
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Keys_are_partitioned_as_Kafka_does(string key, int hash) =>
        Murmur2.Hash(System.Text.Encoding.UTF8.GetBytes(key)).ShouldBe(unchecked((uint)hash));
}
