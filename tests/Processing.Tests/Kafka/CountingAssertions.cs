using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>The rig's runs and comparisons, as tests say them.</summary>
internal static class CountingAssertions
{
    public static Addresses Servers(this KafkaFixture kafka, RedisFixture? redis = null) => new(kafka.BootstrapServers, kafka.RegistryUrl, redis?.Url ?? "");

    public static void ShouldEqualTheModel(this CountingResult result) => result.Differences().ShouldBeEmpty();

    public static async Task ViewShouldEqualAsync(this CountingRun run, CountingModel expected) =>
        (await run.ViewDifferencesAsync(expected)).ShouldBeEmpty();
}
