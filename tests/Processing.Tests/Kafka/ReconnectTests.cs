using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>An idle producer may lose all its connections at once: brokers close idle ones, and brokers restart.</summary>
public sealed class ReconnectTests
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    /// <summary>Far below the time after which the broker gives up a transaction and fences its owner.</summary>
    private static readonly TimeSpan CommitMax = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_producer_that_lost_every_connection_while_idle_commits_its_next_transaction_at_once()
    {
        await using var folder = new ThrowawayFolder("commerce-test-reconnect");
        var options = new LocalBrokerOptions { DataDirectory = folder.Child("broker") };
        var broker = await LocalBrokerServer.StartAsync(options);
        var connection = new KafkaConnection(
            new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServers, ["reconnect.backoff.max.ms"] = "200" },
            new Dictionary<string, string>());
        using var consumer = await JoinedAsync(connection);
        var errors = new SeenErrors();
        var log = new KafkaTransactions(
            new CountingTopology("test.reconnect").Build(), connection, new ProcessingOptions(), TimeProvider.System, errors, CancellationToken.None);
        log.Initialize();
        Commit(log, consumer, offset: 1);

        await broker.DisposeAsync();
        await ServeUntilAsync(log, errors.AllBrokersDown);
        await using var again = await LocalBrokerServer.StartAsync(options with { Port = broker.Port });
        await Task.Run(() => Commit(log, consumer, offset: 2)).WaitAsync(CommitMax);

        consumer.Committed([new TopicPartition("in", 0)], WaitMax)[0].Offset.Value.ShouldBe(2);
        errors.SawFatal.ShouldBeFalse();
        // Only now: a client whose call never returns would hold up the failure for ever.
        log.Dispose();
    }

    // As the loop does between transactions.
    private static async Task ServeUntilAsync(KafkaTransactions log, Task seen)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (!seen.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            log.ServeErrors();
            await Task.Yield();
        }
    }

    private static void Commit(KafkaTransactions log, IConsumer<byte[], byte[]> consumer, long offset)
    {
        log.Begin();
        log.Commit([new TopicPartitionOffset("in", 0, offset)], consumer.ConsumerGroupMetadata);
    }

    private static async Task<IConsumer<byte[], byte[]>> JoinedAsync(KafkaConnection connection)
    {
        using var admin = new AdminClientBuilder(connection.ClientProperties).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "in", NumPartitions = 1 }]);
        var config = connection.Consumer();
        config.GroupId = "test.reconnect";
        config.EnableAutoCommit = false;
        var consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        consumer.Subscribe("in");
        using var limit = new CancellationTokenSource(WaitMax);
        while (consumer.Assignment.Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            consumer.Consume(TimeSpan.FromMilliseconds(10));
        }

        return consumer;
    }

    /// <summary>What the producer's error handler has logged.</summary>
    private sealed class SeenErrors : ILogger
    {
        private readonly TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task AllBrokersDown => _down.Task;

        public bool SawFatal { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (text.Contains(nameof(ErrorCode.Local_AllBrokersDown), StringComparison.Ordinal))
                _down.TrySetResult();
            SawFatal |= text.Contains("fatal: True", StringComparison.Ordinal);
        }
    }
}
