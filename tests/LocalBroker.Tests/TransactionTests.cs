using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class TransactionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Only_committed_records_are_read()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("out", 2);
        using var producer = broker.Transactional("t");
        producer.InitTransactions(Patience);
        for (var round = 0; round < 6; round++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < 3; i++)
                producer.Produce(new TopicPartition("out", i % 2), Record(round % 2 == 0 ? "kept" : "dropped"));
            producer.Flush(TestBroker.Ended);
            if (round % 2 == 0)
                producer.CommitTransaction(Patience);
            else
                producer.AbortTransaction(Patience);
        }

        broker.ReadAll("out").Select(read => read.Message.Value).ShouldBe(Enumerable.Repeat("kept", 9));
        broker.ReadAll("out", IsolationLevel.ReadUncommitted).Count.ShouldBe(18);
    }

    [Fact]
    public async Task An_open_transaction_holds_readers_back_and_its_commit_lets_them_on_at_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("held");
        using var consumer = broker.Consumer("g", config => config.FetchWaitMaxMs = 20_000);
        consumer.Assign(new TopicPartitionOffset("held", 0, Offset.Beginning));
        using var transactional = broker.Transactional("t");
        using var plain = broker.Producer();
        transactional.InitTransactions(Patience);
        transactional.BeginTransaction();
        transactional.Produce("held", Record("first"));
        transactional.Flush(TestBroker.Ended);
        await plain.ProduceAsync("held", Record("second"), TestBroker.Ended);
        consumer.Consume(TimeSpan.FromMilliseconds(300)).ShouldBeNull();
        using var other = broker.Consumer("other");
        other.QueryWatermarkOffsets(new TopicPartition("held", 0), Patience).High.Value.ShouldBe(0);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        transactional.CommitTransaction(Patience);
        consumer.Consume(Patience).Message.Value.ShouldBe("first");
        consumer.Consume(Patience).Message.Value.ShouldBe("second");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Offsets_sent_to_a_transaction_show_only_when_it_commits()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("in");
        using var producer = broker.Transactional("t");
        using var consumer = broker.Consumer("g");
        consumer.Subscribe("in");
        producer.InitTransactions(Patience);
        using (var feed = broker.Producer())
            await feed.ProduceAsync("in", Record("x"), TestBroker.Ended);
        consumer.Consume(Patience).ShouldNotBeNull();

        TransactWith(producer, consumer, 5);
        producer.AbortTransaction(Patience);
        consumer.Committed(Patience)[0].Offset.ShouldBe(Offset.Unset);

        TransactWith(producer, consumer, 1);
        producer.CommitTransaction(Patience);
        consumer.Committed(Patience)[0].Offset.Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_that_wants_stable_offsets_waits_for_the_transaction()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("in");
        using var producer = broker.Transactional("t");
        using var consumer = broker.Consumer("g");
        consumer.Subscribe("in");
        using (var feed = broker.Producer())
            await feed.ProduceAsync("in", Record("x"), TestBroker.Ended);
        consumer.Consume(Patience).ShouldNotBeNull();
        producer.InitTransactions(Patience);
        TransactWith(producer, consumer, 1);

        var committed = Task.Run(() => consumer.Committed([new TopicPartition("in", 0)], Patience), TestBroker.Ended);
        (await Task.WhenAny(committed, Task.Delay(300, TestBroker.Ended))).ShouldNotBe(committed);
        producer.CommitTransaction(Patience);
        (await committed)[0].Offset.Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_second_producer_fences_the_first_and_aborts_what_it_left_open()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("out");
        using var zombie = broker.Transactional("same");
        zombie.InitTransactions(Patience);
        zombie.BeginTransaction();
        zombie.Produce("out", Record("zombie"));
        zombie.Flush(TestBroker.Ended);

        using var successor = broker.Transactional("same");
        successor.InitTransactions(Patience);
        Should.Throw<KafkaException>(() => zombie.CommitTransaction(Patience)).Error.IsFatal.ShouldBeTrue();
        successor.BeginTransaction();
        successor.Produce("out", Record("successor"));
        successor.CommitTransaction(Patience);
        broker.ReadAll("out").ShouldHaveSingleItem().Message.Value.ShouldBe("successor");
    }

    [Fact]
    public async Task A_member_that_lost_its_partitions_cannot_commit_for_them()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("in");
        using (var feed = broker.Producer())
            await feed.ProduceAsync("in", Record("x"), TestBroker.Ended);
        using var producer = broker.Transactional("t");
        producer.InitTransactions(Patience);
        IConsumerGroupMetadata former;
        using (var consumer = broker.Consumer("g"))
        {
            consumer.Subscribe("in");
            consumer.Consume(Patience).ShouldNotBeNull();
            former = consumer.ConsumerGroupMetadata;
            consumer.Close();
        }

        producer.BeginTransaction();
        Should.Throw<KafkaException>(() => producer.SendOffsetsToTransaction([new TopicPartitionOffset("in", 0, 1)], former, Patience))
            .Error.Code.ShouldBe(ErrorCode.UnknownMemberId);
        producer.AbortTransaction(Patience);
    }

    [Fact]
    public async Task A_transaction_that_is_open_too_long_is_aborted()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("out");
        using var slow = broker.Producer(config =>
        {
            config.TransactionalId = "slow";
            config.TransactionTimeoutMs = 1_000;
        });
        slow.InitTransactions(Patience);
        slow.BeginTransaction();
        slow.Produce("out", Record("late"));
        slow.Flush(TestBroker.Ended);
        using var plain = broker.Producer();
        await plain.ProduceAsync("out", Record("after"), TestBroker.Ended);
        using var consumer = broker.Consumer("g");
        consumer.Assign(new TopicPartitionOffset("out", 0, Offset.Beginning));
        consumer.Consume(Patience).Message.Value.ShouldBe("after");
        Should.Throw<KafkaException>(() => slow.CommitTransaction(Patience));
    }

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
