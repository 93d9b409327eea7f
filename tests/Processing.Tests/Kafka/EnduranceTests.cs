using System.Globalization;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>Rounds of trouble under continuous load. COMMERCE_TEST_ROUNDS says how many, COMMERCE_TEST_SEED which.</summary>
public sealed class EnduranceTests(KafkaFixture kafka, RedisFixture redis, ITestOutputHelper output)
    : IClassFixture<KafkaFixture>, IClassFixture<RedisFixture>
{
    private const int Keys = 200;
    private const int Workers = 2;
    private static readonly TimeSpan PastSession = TimeSpan.FromSeconds(7);

    [Fact]
    public async Task Kills_hangs_restarts_and_lost_Redis_leave_outputs_state_and_view_as_the_model_says()
    {
        var rounds = Number("COMMERCE_TEST_ROUNDS") ?? 4;
        var random = new Random(Number("COMMERCE_TEST_SEED") ?? 1);
        using var run = await CountingRun.CreateAsync(kafka, partitions: 6);
        using var stop = new CancellationTokenSource();
        var feeding = Task.Run(() => FeedUntil(run, new Random(random.Next()), stop.Token), CancellationToken.None);
        var workers = new WorkerProcess[Workers];
        for (var slot = 0; slot < Workers; slot++)
            workers[slot] = Start(run, slot);
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                var slot = random.Next(Workers);
                workers[slot] = await TroubleAsync(run, workers[slot], slot, random);
                Restart(run, workers);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 3_000)), CancellationToken.None);
            }

            await stop.CancelAsync();
            await feeding;
            using var fed = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            var result = await run.ResultAsync(fed.Token, whileWaiting: () => Restart(run, workers));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{rounds} rounds, {result.Expected.Records} records, {result.Expected.Poison.Count} poison"));
            result.ShouldEqualTheModel();
            await run.ViewShouldEqualAsync(redis, result.Expected);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var worker in workers)
                worker.Dispose();
        }
    }

    private async Task<WorkerProcess> TroubleAsync(CountingRun run, WorkerProcess worker, int slot, Random random)
    {
        var trouble = random.Next(10);
        output.WriteLine($"{slot}: {trouble}");
        switch (trouble)
        {
            case < 5:
                worker.Kill();
                worker.Dispose();
                return Start(run, slot);
            case < 6:
                worker.Pause();
                await Task.Delay(PastSession, CancellationToken.None);
                worker.Resume();
                return worker;
            case < 8:
                await worker.StopAsync();
                worker.Dispose();
                return Start(run, slot);
            default:
                await redis.FlushAsync();
                return worker;
        }
    }

    /// <summary>As a supervisor does: a worker that has given up is started anew.</summary>
    private void Restart(CountingRun run, WorkerProcess[] workers)
    {
        for (var slot = 0; slot < Workers; slot++)
        {
            if (!workers[slot].HasExited)
                continue;
            output.WriteLine($"{slot} exited with {workers[slot].ExitCode}: {LastError(workers[slot])}");
            workers[slot].Dispose();
            workers[slot] = Start(run, slot);
        }
    }

    private static string LastError(WorkerProcess worker) =>
        worker.Log.Split('\n').LastOrDefault(line => line.Contains("Exception", StringComparison.Ordinal)) ?? "";

    private static void FeedUntil(CountingRun run, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            run.Feed(random, records: 100, Keys, poison: 0.01);
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
        }
    }

    private WorkerProcess Start(CountingRun run, int slot) =>
        WorkerProcess.Start(kafka, run.Topology, slot.ToString(CultureInfo.InvariantCulture), redis.Url);

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
