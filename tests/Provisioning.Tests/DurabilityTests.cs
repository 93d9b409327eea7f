using System.Globalization;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Provisioning.Tests;

public sealed class DurabilityTests(KafkaFixture kafka)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, "1", null)]
    [InlineData(2, "1", null)]
    [InlineData(3, "1", "2")]
    [InlineData(3, null, "2")]
    [InlineData(3, "2", null)]
    [InlineData(3, "3", null)]
    [InlineData(5, "1", "2")]
    public void What_is_acknowledged_is_on_two_brokers_of_three(int replicas, string? has, string? becomes)
    {
        var topic = NewTopic("t");
        var effective = new Dictionary<string, string> { ["cleanup.policy"] = "delete", ["retention.ms"] = "604800000" };
        if (has is not null)
            effective["min.insync.replicas"] = has;
        var missing = Provisioner.MissingSettings(topic, replicas, effective);
        missing.ShouldBe(becomes is null ? [] : new Dictionary<string, string> { ["min.insync.replicas"] = becomes });
    }

    [Theory]
    [InlineData(3, 3, "2", null)]
    [InlineData(1, 1, "1", null)]
    [InlineData(3, 1, "1", "1 topic has 1 replica: what was acknowledged is lost with a broker's disk")]
    [InlineData(2, 2, "1", "1 topic has 2 replicas with min.insync.replicas=1: an acknowledged event can be on one broker alone")]
    [InlineData(3, 2, "2", "1 topic has 2 replicas with min.insync.replicas=2: nothing is taken while a broker is away")]
    [InlineData(1, 1, "2", "1 topic has fewer replicas than min.insync.replicas: Kafka takes no write of ours there")]
    public void Fewer_replicas_are_said_once_and_one_broker_is_no_news(int brokers, int replicas, string minInSync, string? notice)
    {
        var topic = NewTopic("t");
        var found = new Dictionary<string, FoundTopic> { [topic.Name] = new(3, Led: true, replicas) };
        var effective = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [topic.Name] = new Dictionary<string, string> { ["retention.ms"] = "604800000", ["min.insync.replicas"] = minInSync },
        };
        var notices = TopicNotices.Of([topic], brokers, found, effective);
        if (notice is null)
            notices.ShouldBeEmpty();
        else
            notices.ShouldHaveSingleItem().ShouldStartWith(notice);
    }

    /// <summary>By the broker's default (-1) as by number, for topics that are made and for those that were there.</summary>
    [Fact]
    public async Task Three_brokers_that_demand_one_replica_are_asked_for_two()
    {
        var home = TestEnvironment.KafkaHome;
        Assert.SkipWhen(home is null, "COMMERCE_TEST_KAFKA_HOME is not set: only Apache Kafka has three brokers");
        var port = LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture);
        await using var cluster = await ServerScript.StartAsync(
            home!, "kafka", new ThrowawayFolder("commerce-test-three"), ["--port", port, "--brokers", "3", "--set", "min.insync.replicas=1"]);
        var properties = new Dictionary<string, string> { ["bootstrap.servers"] = cluster.Address };
        using var admin = new AdminClientBuilder(properties).Build();
        var (old, strict, pair) = (NewTopic("old"), NewTopic("strict"), NewTopic("pair"));
        await admin.CreateTopicsAsync([Specified(old, 3), Specified(strict, 3, "3"), Specified(pair, 2)]);
        var (byDefault, byNumber) = (NewTopic("default"), NewTopic("number"));

        using var provisioner = new Provisioner(properties, kafka.RegistryProperties);
        var first = await provisioner.ProvisionAsync([old, strict, pair, byDefault], Token);
        using var numbered = new Provisioner(properties, kafka.RegistryProperties, new ProvisioningOptions(ReplicationFactor: 3));
        await numbered.ProvisionAsync([byNumber], Token);

        first.Topics.Select(topic => (topic.Outcome, topic.Detail)).ShouldBe(
        [
            (ProvisioningOutcome.Changed, "min.insync.replicas=2"), (ProvisioningOutcome.Unchanged, ""), (ProvisioningOutcome.Unchanged, ""),
            (ProvisioningOutcome.Created, "3 partitions, delete, min.insync.replicas=2"),
        ]);
        first.Notices.ShouldHaveSingleItem().ShouldStartWith("1 topic has 2 replicas with min.insync.replicas=1");
        Topic[] all = [old, strict, pair, byDefault, byNumber];
        var described = await admin.DescribeConfigsAsync(all.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Name }));
        all.Select(topic => described.Single(each => each.ConfigResource.Name == topic.Name).Entries["min.insync.replicas"].Value).ShouldBe(["2", "3", "1", "2", "2"]);
        (await provisioner.ProvisionAsync(all, Token)).ChangedAnything.ShouldBeFalse();
    }

    private static TopicSpecification Specified(Topic topic, short replicas, string? minInSync = null) => new()
    {
        Name = topic.Name, NumPartitions = topic.Partitions, ReplicationFactor = replicas,
        Configs = minInSync is null ? [] : new() { ["min.insync.replicas"] = minInSync },
    };

    private static Topic<ConsentState> NewTopic(string purpose) => new($"test.durability.{purpose}.{Guid.NewGuid():N}", ConsentState._SCHEMA)
    {
        Owner = "tests", KeyMeaning = "none", Partitions = 3, CleanupPolicy = "delete", Retention = TimeSpan.FromDays(7), Pii = "none", Doc = "For one test.",
    };
}
