using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>On a real broker, with workers that die, hang and come back: outputs, state and dead letters equal the model.</summary>
public sealed class ExactlyOnceTests(KafkaFixture kafka)
{
    private const int Keys = 50;

    [Fact]
    public async Task One_worker_counts_everything_once_and_dead_letters_the_poison()
    {
        using var run = await CountingRun.CreateAsync(kafka);
        using var worker = WorkerProcess.Start(kafka, run.Topology, "a");
        run.Feed(new Random(1), records: 5_000, Keys, poison: 0.01);

        var result = await run.ResultAsync();

        (await worker.StopAsync()).ShouldBe(0, worker.Log);
        result.ShouldEqualTheModel();
    }
}
