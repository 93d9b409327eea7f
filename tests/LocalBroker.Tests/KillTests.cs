using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>
/// The broker is killed again and again while an idempotent producer writes, a transactional loop copies what it wrote, and
/// another producer commits and aborts transactions over two topics.
/// Set COMMERCE_TEST_KILL_ROUNDS for more rounds than the few of an ordinary run.
/// </summary>
public sealed class KillTests
{
    private const int Partitions = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kills_lose_no_acknowledged_record_double_none_and_keep_transactions_whole()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("COMMERCE_TEST_KILL_ROUNDS"), out var asked) ? asked : 3;
        var directory = TestBroker.NewDirectory();
        var broker = await BrokerProcess.StartAsync(directory);
        var port = broker.Port;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Ended);
        var acknowledged = new ConcurrentDictionary<string, bool>();
        var writing = Task.Run(() => WriteAsync(broker.Address, acknowledged, stop.Token), TestBroker.Ended);
        var copying = Task.Run(() => new TransactionalCopy($"127.0.0.1:{port}").Run(stop.Token), TestBroker.Ended);
        var pairs = new TransactionalPairs($"127.0.0.1:{port}");
        var pairing = Task.Run(() => pairs.Run(stop.Token), TestBroker.Ended);
        for (var round = 0; round < rounds; round++)
        {
            var enough = acknowledged.Count + 300 + (round * 37 % 200);
            await Until(() => acknowledged.Count >= enough || writing.IsCompleted || copying.IsCompleted);
            await broker.KillAsync();
            broker.Dispose();
            broker = await BrokerProcess.StartAsync(directory, port);
            if (round % 5 == 4)
            {
                // Once more, while the clients come back and the transactions of the last death are being ended.
                await broker.KillAsync();
                broker.Dispose();
                broker = await BrokerProcess.StartAsync(directory, port);
            }
        }

        var last = acknowledged.Count + 200;
        await Until(() => acknowledged.Count >= last || writing.IsCompleted || copying.IsCompleted);
        await stop.CancelAsync();
        await writing;
        await copying;
        await pairing;
        using (broker)
        {
            await broker.KillAsync();
        }

        await using var survivor = await TestBroker.StartAsync(directory);
        var source = survivor.ReadAll("source").Select(read => read.Message.Key).ToList();
        source.Count.ShouldBe(source.Distinct().Count(), "a record was doubled");
        acknowledged.Keys.Except(source).ShouldBeEmpty("an acknowledged record was lost");
        Finish(survivor, source.Count);
        var copies = survivor.ReadAll("copies");
        copies.Select(read => read.Message.Key).Order().ShouldBe(source.Order(), "the copies differ from the source");
        CheckPairs(survivor, pairs);
    }

    private static void CheckPairs(TestBroker survivor, TransactionalPairs pairs)
    {
        // Whoever died in the middle of its last transaction is followed by somebody.
        using (var successor = survivor.Transactional("pairs"))
            successor.InitTransactions(Patience);
        var left = survivor.ReadAll(TransactionalPairs.Left).Select(read => read.Message.Key).ToList();
        var right = survivor.ReadAll(TransactionalPairs.Right).Select(read => read.Message.Key).ToList();
        left.Order().ShouldBe(right.Order(), "a transaction was split");
        left.Count.ShouldBe(left.Distinct().Count(), "a record of a transaction was doubled");
        pairs.Committed.Except(left).ShouldBeEmpty("a committed record was lost");
        pairs.Aborted.Intersect(left).ShouldBeEmpty("an aborted record is read");
        pairs.Committed.ShouldNotBeEmpty();
    }

    private static async Task WriteAsync(string address, ConcurrentDictionary<string, bool> acknowledged, CancellationToken stop)
    {
        var config = new ProducerConfig { BootstrapServers = address, EnableIdempotence = true, LingerMs = 1, MessageTimeoutMs = 120_000, ReconnectBackoffMaxMs = 200 };
        using var producer = new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var inFlight = new SemaphoreSlim(50);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await inFlight.WaitAsync(CancellationToken.None);
            var at = new TopicPartition("source", i % Partitions);
            producer.Produce(at, new Message<string, string> { Key = $"{i}", Value = new string('x', 100) }, report =>
            {
                if (report.Error.Code == ErrorCode.NoError)
                    acknowledged[report.Message.Key] = true;
                inFlight.Release();
            });
        }

        producer.Flush(Patience);
    }

    // What the loop had not copied yet when it was stopped.
    private static void Finish(TestBroker broker, int expected)
    {
        using var stop = new CancellationTokenSource();
        new TransactionalCopy(broker.Address).Run(stop.Token, onCommitted: at =>
        {
            if (at >= expected)
                stop.Cancel();
        });
    }

    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            await timer.WaitForNextTickAsync(TestBroker.Ended);
        }
    }
}
