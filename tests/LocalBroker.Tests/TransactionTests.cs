using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class TransactionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_open_transaction_survives_a_restart_of_the_broker()
    {
        var directory = TestBroker.NewDirectory();
        var broker = await TestBroker.StartAsync(directory, keepFolder: true);
        await broker.CreateAsync("out");
        var port = broker.Server.Port;
        using var producer = broker.Transactional("t");
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.Produce("out", Record("before"));
        producer.Flush(TestBroker.Ended);
        await broker.DisposeAsync();

        await using var again = await TestBroker.StartAsync(directory, options => options with { Port = port });
        again.ReadAll("out").ShouldBeEmpty();
        producer.Produce("out", Record("after"));
        producer.CommitTransaction(Patience);
        again.ReadAll("out").Select(read => read.Message.Value).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_producer_whose_idle_connections_were_closed_goes_on_under_its_epoch()
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { MaxIdle = TimeSpan.FromMilliseconds(500) });
        await broker.CreateAsync("in");
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var producer = broker.Transactional("t", config => config.MetadataRecoveryStrategy = MetadataRecoveryStrategy.None, error =>
        {
            if (error.Code == ErrorCode.Local_AllBrokersDown)
                idle.TrySetResult();
        });
        using var consumer = broker.Consumer("g");
        consumer.Subscribe("in");
        using (var feed = broker.Producer())
            await feed.ProduceAsync("in", Record("x"), TestBroker.Ended);
        consumer.Consume(Patience).ShouldNotBeNull();
        producer.InitTransactions(Patience);
        TransactWith(producer, consumer, 1);
        producer.CommitTransaction(Patience);
        await idle.Task.WaitAsync(Patience, TestBroker.Ended);

        TransactWith(producer, consumer, 2);
        producer.CommitTransaction(Patience);
        consumer.Committed(Patience)[0].Offset.Value.ShouldBe(2);
    }

    private static void TransactWith(IProducer<string, string> producer, IConsumer<string, string> consumer, long offset)
    {
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset("in", 0, offset)], consumer.ConsumerGroupMetadata, Patience);
    }

    private static Message<string, string> Record(string value) => new() { Key = "k", Value = value };
}
