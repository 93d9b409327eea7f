using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Cli.Tests.Letters;

/// <summary>`commerce dlq` as a process, on whatever Kafka tests run on.</summary>
public sealed class LetterCommandTests(KafkaFixture kafka, RedisFixture redis) : IClassFixture<KafkaFixture>, IClassFixture<RedisFixture>
{
    [Fact]
    public async Task An_operator_sees_what_waits_gives_it_back_and_passes_over_what_nobody_can_repair()
    {
        await using var scene = await LetterScene.BeginAsync(
            kafka.ClientProperties, kafka.RegistryUrl, [.. kafka.ServiceSettings, .. redis.ServiceSettings],
            new Dictionary<string, string> { ["KAFKA_BOOTSTRAP"] = kafka.BootstrapServers });
        await LetterStory.RunAsync(scene);
    }
}
