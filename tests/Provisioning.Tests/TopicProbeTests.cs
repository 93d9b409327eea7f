using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Provisioning.Tests;

/// <summary>A service that starts before its topics are made waits for them. Made by asking, they would have as many partitions as the broker likes.</summary>
public sealed class TopicProbeTests(KafkaFixture kafka)
{
    private const int Multiple = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asking_for_a_topic_before_it_is_provisioned_does_not_make_it()
    {
        var topic = new Topic<ConsentState>($"test.probe.{Guid.NewGuid():N}", ConsentState._SCHEMA)
        {
            Owner = "tests", KeyMeaning = "none", Partitions = 2, CleanupPolicy = "delete", Retention = TimeSpan.FromDays(1), Pii = "none", Doc = "For one test.",
        };
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(kafka.ClientProperties)).Build();
        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        using var probe = new TopicProbe<Writer>(
            new Writer([topic], producer.Handle), registry, Options.Create(new KafkaOptions { PartitionsMultiple = Multiple }), TimeProvider.System,
            NullLogger<TopicProbe<Writer>>.Instance);
        await probe.StartAsync(Token);
        await UntilAsync(() => probe.ReasonNotReady?.Contains("does not exist", StringComparison.Ordinal) == true);

        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties, new ProvisioningOptions(PartitionsMultiple: Multiple));
        (await provisioner.ProvisionAsync([topic], Token)).Topics.ShouldHaveSingleItem().Outcome.ShouldBe(ProvisioningOutcome.Created);
        await UntilAsync(() => probe.ReasonNotReady is null);
        await probe.StopAsync(Token);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private sealed record Writer(IReadOnlyList<Topic> Topics, Handle Handle) : ITopicWriter
    {
        public string? FatalError => null;
    }
}
