using Commerce.Streaming.DeadLetters;
using Commerce.Streaming.Processing.Rig.Rounds;
using Commerce.Streaming.Processing.Tests.Redis;
using Commerce.Streaming.Testing;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>Letters of parked keys on a real broker: given back early, twice, by two at once, while the worker is killed.</summary>
public sealed class ReplayTests(KafkaFixture kafka, RedisFixture redis) : IClassFixture<KafkaFixture>, IClassFixture<RedisFixture>
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Two_operators_and_a_worker_that_is_killed_leave_every_record_counted_once_in_its_place()
    {
        var servers = kafka.Servers(redis);
        using var run = await CountingRun.CreateAsync(servers, isParking: true);
        var operators = new[] { LetterOperator.Begin(servers, run.Topology, seed: 1), LetterOperator.Begin(servers, run.Topology, seed: 2) };
        for (var round = 0; round < 2; round++)
        {
            using var worker = WorkerProcess.Start(servers, run.Topology, "a");
            await worker.WaitForLogAsync("restored", WaitMax);
            run.Feed(new Random(round), records: 1_000, keys: 30, poison: 0.02, repeated: 0.02);
            worker.Kill();
        }

        using var last = WorkerProcess.Start(servers, run.Topology, "a");
        foreach (var each in operators)
            await each.EndAsync(WaitMax);

        (await run.ResultAsync()).ShouldEqualTheModel();
        operators.Sum(each => each.Seen).ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task A_replay_says_what_still_waits_and_a_skipped_letter_frees_what_is_behind_it()
    {
        var servers = kafka.Servers(redis);
        using var run = await CountingRun.CreateAsync(servers, isParking: true);
        using var worker = WorkerProcess.Start(servers, run.Topology, "a");
        // One key: something unreadable, then good records behind it.
        run.Feed(new Random(1), records: 1, keys: 1, poison: 1);
        run.Feed(new Random(2), records: 20, keys: 1);
        using var registry = new CachedSchemaRegistryClient(servers.RegistryProperties);
        var connection = new LetterConnection(servers.ClientProperties, registry);
        var topics = new LetterTopics(run.Topology.Name, run.Topology.DeadLetters, run.Topology.Parked, run.Topology.Retries);
        var replay = new LetterReplay(connection, topics, TimeProvider.System);
        var line = await LineAsync(new WaitingLetters(connection, topics), letters: 21);

        var outcome = await replay.RunAsync(new LineFilter(), limit: 1_000, CancellationToken.None);
        (outcome.Done, outcome.IsTaken, outcome.Stuck.Single().Place.Attempts).ShouldBe((0, true, 2));

        (await replay.SkipAsync([(line, 1)], CancellationToken.None)).ShouldBeTrue();
        outcome = await replay.RunAsync(new LineFilter(Key: line.Key), limit: 1_000, CancellationToken.None);
        (outcome.Done, outcome.Freed, outcome.Stuck.Count).ShouldBe((20, 1, 0));
    }

    private static async Task<WaitingLine> LineAsync(WaitingLetters waiting, int letters)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (true)
        {
            if (waiting.Read(new LineFilter(), limit.Token) is [{ Count: var count } line] && count == letters)
                return line;
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }
}
