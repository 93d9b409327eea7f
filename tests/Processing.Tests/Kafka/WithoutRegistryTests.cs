using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalRegistry;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Testing;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>A registry that goes away after the start: every schema of ours is known, to write it and to read it back.</summary>
public sealed class WithoutRegistryTests
{
    [Fact]
    public async Task Each_run_after_the_first_reads_and_writes_all_its_topics_without_a_registry()
    {
        var counting = new CountingTopology("test.without-registry", isParking: true);
        var topology = counting.Build();
        await using var folder = new ThrowawayFolder("commerce-test-registry");
        var server = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = folder.Child("registry") });
        using var registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = server.Url.ToString(), MaxRetries = 1, RetriesWaitMs = 1 });
        foreach (var topic in topology.AllTopics)
            await registry.RegisterSchemaAsync(topic.ValueSubject, new Schema(topic.ValueSchema.ToString(), SchemaType.Avro));
        using var fresh = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = server.Url.ToString(), MaxRetries = 1, RetriesWaitMs = 1 });
        (await SchemaWarmUp.FaultAsync(topology, fresh)).ShouldBeNull();
        await server.DisposeAsync();

        RoundTrip(counting.Input, Tally.Of(1, "in"), fresh);
        RoundTrip(counting.Output, Tally.Of(2, "out"), fresh);
        RoundTrip(counting.Counts.Changelog, Tally.Of(3, "state"), fresh);
        Should.Throw<RegistryUnavailableException>(() => RoundTrip(TestTopics.Tallies("test.another"), Tally.Of(4), fresh));
    }

    private static void RoundTrip(Topic<Tally> topic, Tally value, ISchemaRegistryClient registry)
    {
        var bytes = new ConfluentSerdes(registry).For(topic).Write(value);
        // The reader of another run: it has not seen what the writer has.
        new ConfluentSerdes(registry).For(topic).Read(bytes).Count.ShouldBe(value.Count);
    }
}
