using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(KafkaFixture))]

namespace Commerce.Streaming.FetchWatch.Tests;

/// <summary>With real consumers: one that is given everything, and one whose client has dropped the partition from its fetches.</summary>
public sealed class FetchWatcherTests(KafkaFixture kafka)
{
    /// <summary>Twice as long as it takes; asked every ten seconds of the fake clock.</summary>
    private const int Advances = 13;

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_partition_that_the_client_no_longer_fetches_is_found()
    {
        var partition = new TopicPartition(await kafka.CreateTopicAsync("stalled"), 0);
        // Paused behind the watch's back it looks as it does after librdkafka's faults: polls come back empty, whatever arrives.
        var progress = await WatchAsync(partition, consumer => consumer.Pause([partition]));
        progress.Stalled.ShouldBe(partition);
    }

    [Fact]
    public async Task One_that_is_read_to_the_marker_of_its_last_transaction_is_not()
    {
        var partition = new TopicPartition(await kafka.CreateTopicAsync("read"), 0);
        var progress = await WatchAsync(partition, _ => { });
        progress.Stalled.ShouldBeNull();
    }

    private async Task<FetchProgress> WatchAsync(TopicPartition partition, Action<IConsumer<Ignore, byte[]>> afterTheFirst)
    {
        var progress = new FetchProgress(_clock, FetchWatcher.StalledAfter);
        using var ends = TopicEnds.Of(kafka.ClientProperties, _ => { });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig(kafka.ClientProperties)
        {
            GroupId = partition.Topic,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
            FetchWaitMaxMs = 10,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        progress.Watch([partition]);
        await SendAsync(partition.Topic);
        PollUntil(consumer, progress, record => record is { IsPartitionEOF: false });
        afterTheFirst(consumer);
        await SendAsync(partition.Topic);
        var watching = FetchWatcher.RunAsync(progress, ends, _clock, stop.Token);
        for (var advance = 0; advance < Advances; advance++)
        {
            PollUntil(consumer, progress, record => record is null);
            _clock.Advance(TimeSpan.FromSeconds(10));
            // The answer comes in its own time; the next poll must not be before it.
            (await ends.AskAsync([partition])).ShouldContainKey(partition);
        }

        await stop.CancelAsync();
        await watching;
        return progress;
    }

    private static void PollUntil(IConsumer<Ignore, byte[]> consumer, FetchProgress progress, Func<ConsumeResult<Ignore, byte[]>?, bool> isEnough)
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            var record = consumer.Consume(TimeSpan.FromMilliseconds(100));
            if (record is null)
                progress.CameBackEmpty();
            else
                progress.Delivered(record.TopicPartition, record.IsPartitionEOF ? record.Offset.Value : record.Offset.Value + 1);
            if (isEnough(record))
                return;
        }
    }

    private async Task SendAsync(string topic)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig(kafka.ClientProperties) { TransactionalId = topic }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(30));
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, new Message<Null, byte[]> { Value = [1] }, Token);
        producer.CommitTransaction();
    }
}
