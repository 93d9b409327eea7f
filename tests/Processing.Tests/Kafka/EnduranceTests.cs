using System.Globalization;
using Commerce.Streaming.Processing.Rig.Rounds;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>
/// The short form of eng/verify-processing: a few rounds of killed workers, brokers and Redis, zombies and rebalances on the embedded
/// broker. COMMERCE_TEST_ROUNDS and COMMERCE_TEST_SEED ask for more, COMMERCE_TEST_KAFKA_HOME for Apache Kafka.
/// </summary>
public sealed class EnduranceTests
{
    [Fact]
    public async Task Rounds_of_trouble_leave_outputs_dead_letters_state_and_Redis_as_the_model_says()
    {
        var options = new RoundsOptions(
            Rounds: Number("COMMERCE_TEST_ROUNDS") ?? 4, Brokers: TestEnvironment.KafkaHome is null ? 0 : 1, Seed: Number("COMMERCE_TEST_SEED") ?? 1, RatePerSecond: 500);
        await using var run = new RoundsRun(options);

        (await run.RunAsync()).ShouldBeTrue();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
