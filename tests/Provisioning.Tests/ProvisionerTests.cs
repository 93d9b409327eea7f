using Avro;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Provisioning.Tests;

public sealed class ProvisionerTests(KafkaFixture kafka)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_finds_everything_unchanged()
    {
        var topics = new[] { NewTopic("first"), NewTopic("second") };
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);

        var first = await provisioner.ProvisionAsync(topics, Token);
        first.Topics.Concat(first.Subjects).ShouldAllBe(item => item.Outcome == ProvisioningOutcome.Created);
        first.ChangedAnything.ShouldBeTrue();

        var second = await provisioner.ProvisionAsync(topics, Token);
        second.Topics.Concat(second.Subjects).ShouldAllBe(item => item.Outcome == ProvisioningOutcome.Unchanged);
        second.ToString().ShouldBe("2 topics (2 unchanged), 2 schemas (2 unchanged)");
    }

    [Fact]
    public async Task Settings_that_somebody_altered_come_back_and_partitions_stay()
    {
        var name = await kafka.CreateTopicAsync("altered", partitions: 2, new() { ["retention.ms"] = "1000", ["cleanup.policy"] = "delete" });
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        var topic = NewTopic("x") with { Name = name };

        var changed = (await provisioner.ProvisionAsync([topic], Token)).Topics.ShouldHaveSingleItem();
        changed.Outcome.ShouldBe(ProvisioningOutcome.Changed);
        changed.Detail.ShouldBe("retention.ms=604800000");
        var differs = (await provisioner.ProvisionAsync([topic], Token)).Topics.ShouldHaveSingleItem();
        differs.Outcome.ShouldBe(ProvisioningOutcome.Differs);
        differs.Detail.ShouldBe("has 2 partitions, the catalogue says 3");

        (await SettingOfAsync(name, "retention.ms")).ShouldBe("604800000");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("604800001")]
    public async Task Records_that_an_operator_keeps_for_longer_stay(string retention)
    {
        var name = await kafka.CreateTopicAsync("longer", partitions: 3, new() { ["retention.ms"] = retention });
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);

        var result = await provisioner.ProvisionAsync([NewTopic("x") with { Name = name }, NewTopic("y")], Token);
        result.Topics[0].Outcome.ShouldBe(ProvisioningOutcome.Unchanged);
        // The only one: a single broker, as every developer has it, is no news.
        result.Notices.ShouldHaveSingleItem().ShouldBe($"kept for longer than the catalogue says, and left so: {name} (retention.ms={retention})");
        (await SettingOfAsync(name, "retention.ms")).ShouldBe(retention);
    }

    [Fact]
    public async Task A_multiple_is_of_every_topic_but_those_with_one_partition()
    {
        var (many, one) = (NewTopic("many"), NewTopic("one") with { Partitions = 1 });
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties, new ProvisioningOptions(PartitionsMultiple: 4));

        (await provisioner.ProvisionAsync([many, one], Token)).Topics.Select(topic => topic.Detail).ShouldBe(["12 partitions, delete", "1 partitions, delete"]);
        (await provisioner.ProvisionAsync([many, one], Token)).ChangedAnything.ShouldBeFalse();
        using var other = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties, new ProvisioningOptions(PartitionsMultiple: 2));
        (await other.ProvisionAsync([many], Token)).Topics.ShouldHaveSingleItem().Detail.ShouldBe("has 12 partitions, the catalogue says 6");
    }

    [Fact]
    public async Task A_subject_refuses_what_old_records_cannot_be_read_with()
    {
        var topic = NewTopic("compat");
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([topic], Token);

        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        (await registry.GetCompatibilityAsync(topic.ValueSubject)).ShouldBe(Compatibility.BackwardTransitive);
        var breaking = topic with { ValueSchema = Avro.Schema.Parse("""{"type":"record","name":"ConsentState","namespace":"Commerce.Consent","fields":[{"name":"added","type":"string"}]}""") };
        var refused = await Should.ThrowAsync<ProvisioningException>(() => provisioner.ProvisionAsync([breaking], Token));
        refused.Message.ShouldStartWith($"Schema registry refused {topic.ValueSubject}");
    }

    [Fact]
    public async Task Confluent_serializer_finds_the_registered_schema_without_registering()
    {
        var topic = NewTopic("serde");
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([topic], Token);

        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        var serializer = new AvroSerializer<ConsentState>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false });
        var bytes = await serializer.SerializeAsync(
            new ConsentState { Analytics = true, Advertising = false, Personalization = false, Basis = ConsentBasis.EVENT },
            new SerializationContext(MessageComponentType.Value, topic.Name));
        bytes[0].ShouldBe((byte)0);
    }

    [Fact]
    public async Task Kafka_that_does_not_answer_is_named_within_the_timeout()
    {
        using var provisioner = new Provisioner(
            new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:1" }, kafka.RegistryProperties, new ProvisioningOptions(Timeout: TimeSpan.FromMilliseconds(300)));
        (await Should.ThrowAsync<ProvisioningException>(() => provisioner.ProvisionAsync([NewTopic("away")], Token))).Message.ShouldStartWith("Kafka: ");
    }

    private async Task<string> SettingOfAsync(string topic, string name)
    {
        using var admin = new AdminClientBuilder(kafka.ClientProperties).Build();
        return (await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }])).Single().Entries[name].Value;
    }

    private static Topic<ConsentState> NewTopic(string purpose) => new($"test.provisioning.{purpose}.{Guid.NewGuid():N}", ConsentState._SCHEMA)
    {
        Owner = "tests", KeyMeaning = "none", Partitions = 3, CleanupPolicy = "delete", Retention = TimeSpan.FromDays(7), Pii = "none", Doc = "For one test.",
    };
}
