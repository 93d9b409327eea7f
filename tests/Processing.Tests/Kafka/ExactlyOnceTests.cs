using Commerce.Streaming.Processing.Tests.Redis;
using Commerce.Streaming.Testing;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>On a real broker, with workers that die, hang and come back: outputs, state, dead letters and Redis equal the model.</summary>
public sealed class ExactlyOnceTests(KafkaFixture kafka, RedisFixture redis) : IClassFixture<KafkaFixture>, IClassFixture<RedisFixture>
{
    private const int Keys = 50;
    private const double Poison = 0.01;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task One_worker_counts_everything_once_and_dead_letters_the_poison()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        using var worker = Start(run, "a");
        run.Feed(new Random(1), records: 5_000, Keys, Poison);

        var result = await run.ResultAsync();

        (await worker.StopAsync()).ShouldBe(0, worker.Log);
        result.ShouldEqualTheModel();
        await run.ViewShouldEqualAsync(result.Expected);
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_and_started_again_neither_loses_nor_doubles()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(2);
        for (var round = 0; round < 3; round++)
        {
            using var worker = Start(run, "a");
            await worker.WaitForLogAsync("restored", WaitMax);
            run.Feed(random, records: 3_000, Keys, Poison);
            worker.Kill();
        }

        using var last = Start(run, "a");
        var result = await run.ResultAsync();

        result.ShouldEqualTheModel();
        await run.ViewShouldEqualAsync(result.Expected);
    }

    [Fact]
    public async Task A_worker_that_hangs_past_its_session_and_comes_back_changes_nothing()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(3);
        using var zombie = Start(run, "a");
        await zombie.WaitForLogAsync("restored", WaitMax);
        run.Feed(random, records: 2_000, Keys, Poison);
        zombie.Pause();
        using var heir = Start(run, "b");
        run.Feed(random, records: 2_000, Keys, Poison);
        await heir.WaitForLogAsync("restored", WaitMax);
        zombie.Resume();
        run.Feed(random, records: 2_000, Keys, Poison);

        var result = await run.ResultAsync();

        result.ShouldEqualTheModel();
        await run.ViewShouldEqualAsync(result.Expected);
    }

    [Fact]
    public async Task Workers_that_come_and_go_hand_partitions_over_without_loss()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(4);
        using var first = Start(run, "a");
        await first.WaitForLogAsync("restored", WaitMax);
        run.Feed(random, records: 2_000, Keys, Poison);
        using var second = Start(run, "b");
        run.Feed(random, records: 2_000, Keys, Poison);
        await second.WaitForLogAsync("restored", WaitMax);
        run.Feed(random, records: 2_000, Keys, Poison);
        (await first.StopAsync()).ShouldBe(0, first.Log);
        run.Feed(random, records: 2_000, Keys, Poison);

        var result = await run.ResultAsync();

        result.ShouldEqualTheModel();
        await run.ViewShouldEqualAsync(result.Expected);
    }

    [Fact]
    public async Task Of_two_processes_with_one_name_the_former_ends_and_nothing_is_doubled()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(8);
        using var former = Start(run, "a");
        await former.WaitForLogAsync("restored", WaitMax);
        run.Feed(random, records: 1_000, Keys, Poison);
        using var latter = Start(run, "a");
        await latter.WaitForLogAsync("restored", WaitMax);
        run.Feed(random, records: 1_000, Keys, Poison);

        var result = await run.ResultAsync();

        (await former.ExitCodeAsync(WaitMax)).ShouldBe(1, former.Log);
        latter.HasExited.ShouldBeFalse(latter.Log);
        result.ShouldEqualTheModel();
    }

    /// <summary>As a coordinator does that has given a producer up: nobody else runs under the name.</summary>
    [Fact]
    public async Task A_worker_whose_producer_is_fenced_goes_on_in_the_same_process()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(9);
        using var worker = Start(run, "a");
        await worker.WaitForLogAsync("restored", WaitMax);
        run.Feed(random, records: 1_000, Keys, Poison);
        await run.ResultAsync();
        var name = run.Topology.Build().GroupId + ".a";
        using (var other = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(kafka.ClientProperties) { TransactionalId = name }).Build())
            other.InitTransactions(WaitMax);
        run.Feed(random, records: 1_000, Keys, Poison);

        var result = await run.ResultAsync();

        worker.Log.ShouldContain("starts anew from its committed state");
        worker.HasExited.ShouldBeFalse(worker.Log);
        result.ShouldEqualTheModel();
        await run.ViewShouldEqualAsync(result.Expected);
    }

    [Fact]
    public async Task Redis_that_loses_everything_is_rebuilt_while_records_go_on()
    {
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(5);
        using var worker = Start(run, "a", ("Processing__ViewAuditInterval", "00:00:00.500"));
        run.Feed(random, records: 2_000, Keys);
        await run.ResultAsync();
        await redis.FlushAsync();
        // First idle, when only the audit can notice; then under way, when a write does.
        var halfway = await run.ResultAsync();
        await run.ViewShouldEqualAsync(halfway.Expected);
        run.Feed(random, records: 1_000, Keys);
        await redis.FlushAsync();
        run.Feed(random, records: 1_000, Keys);

        var result = await run.ResultAsync();

        result.ShouldEqualTheModel();
        await run.ViewShouldEqualAsync(result.Expected);
    }

    [Fact]
    public async Task Redis_that_is_away_stops_nothing_and_is_brought_up_to_date_when_it_is_back()
    {
        using var proxy = new CuttableProxy(redis.Url);
        using var run = await CountingRun.CreateAsync(kafka.Servers(redis));
        var random = new Random(6);
        proxy.Cut();
        using var worker = WorkerProcess.Start(kafka.Servers() with { Redis = proxy.Url }, run.Topology, "a");
        run.Feed(random, records: 1_000, Keys);
        (await run.ResultAsync()).ShouldEqualTheModel();
        proxy.Mend();
        run.Feed(random, records: 1_000, Keys);
        await run.ViewShouldEqualAsync((await run.ResultAsync()).Expected);
        proxy.Cut();
        run.Feed(random, records: 1_000, Keys);
        (await run.ResultAsync()).ShouldEqualTheModel();
        proxy.Mend();

        // Nothing more is fed: the view is mended for its own sake.
        await run.ViewShouldEqualAsync((await run.ResultAsync()).Expected);
        (await worker.StopAsync()).ShouldBe(0, worker.Log);
    }

    private WorkerProcess Start(CountingRun run, string instance, params (string, string)[] settings) =>
        WorkerProcess.Start(kafka.Servers(redis), run.Topology, instance, settings);
}
