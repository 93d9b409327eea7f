using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

public sealed class TransactionConformance(BrokerUnderTest broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Only_committed_records_are_read()
    {
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync(2);
        using var producer = broker.Transactional(id);
        producer.InitTransactions(Patience);
        for (var round = 0; round < 6; round++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < 3; i++)
                producer.Produce(new TopicPartition(topic, i % 2), Record(round % 2 == 0 ? "kept" : "dropped"));
            producer.Flush(BrokerClients.Ended);
            if (round % 2 == 0)
                producer.CommitTransaction(Patience);
            else
                producer.AbortTransaction(Patience);
        }

        broker.ReadAll(topic).Select(read => read.Message.Value).ShouldBe(Enumerable.Repeat("kept", 9));
        broker.ReadAll(topic, IsolationLevel.ReadUncommitted).Count.ShouldBe(18);
    }

    [Fact]
    public async Task An_open_transaction_holds_readers_back_and_its_commit_lets_them_on_at_once()
    {
        var group = BrokerClients.Unique("group");
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync();
        using var consumer = broker.Consumer(group, config => config.FetchWaitMaxMs = 20_000);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        using var transactional = broker.Transactional(id);
        using var plain = broker.Producer();
        transactional.InitTransactions(Patience);
        transactional.BeginTransaction();
        transactional.Produce(topic, Record("first"));
        transactional.Flush(BrokerClients.Ended);
        await plain.ProduceAsync(topic, Record("second"), BrokerClients.Ended);
        consumer.Consume(TimeSpan.FromMilliseconds(300)).ShouldBeNull();
        using var other = broker.Consumer("other");
        other.QueryWatermarkOffsets(new TopicPartition(topic, 0), Patience).High.Value.ShouldBe(0);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        transactional.CommitTransaction(Patience);
        consumer.Consume(Patience).Message.Value.ShouldBe("first");
        consumer.Consume(Patience).Message.Value.ShouldBe("second");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Offsets_sent_to_a_transaction_show_only_when_it_commits()
    {
        var group = BrokerClients.Unique("group");
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync();
        using var producer = broker.Transactional(id);
        using var consumer = broker.Consumer(group);
        consumer.Subscribe(topic);
        producer.InitTransactions(Patience);
        using (var feed = broker.Producer())
            await feed.ProduceAsync(topic, Record("x"), BrokerClients.Ended);
        consumer.Consume(Patience).ShouldNotBeNull();

        TransactWith(producer, consumer, topic, 5);
        producer.AbortTransaction(Patience);
        consumer.Committed(Patience)[0].Offset.ShouldBe(Offset.Unset);

        TransactWith(producer, consumer, topic, 1);
        producer.CommitTransaction(Patience);
        consumer.Committed(Patience)[0].Offset.Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_that_wants_stable_offsets_waits_for_the_transaction()
    {
        var group = BrokerClients.Unique("group");
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync();
        using var producer = broker.Transactional(id);
        using var consumer = broker.Consumer(group);
        consumer.Subscribe(topic);
        using (var feed = broker.Producer())
            await feed.ProduceAsync(topic, Record("x"), BrokerClients.Ended);
        consumer.Consume(Patience).ShouldNotBeNull();
        producer.InitTransactions(Patience);
        TransactWith(producer, consumer, topic, 1);

        var committed = Task.Run(() => consumer.Committed([new TopicPartition(topic, 0)], Patience), BrokerClients.Ended);
        (await Task.WhenAny(committed, Task.Delay(300, BrokerClients.Ended))).ShouldNotBe(committed);
        producer.CommitTransaction(Patience);
        (await committed)[0].Offset.Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_second_producer_fences_the_first_and_aborts_what_it_left_open()
    {
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync();
        using var zombie = broker.Transactional(id);
        zombie.InitTransactions(Patience);
        zombie.BeginTransaction();
        zombie.Produce(topic, Record("zombie"));
        zombie.Flush(BrokerClients.Ended);

        using var successor = broker.Transactional(id);
        successor.InitTransactions(Patience);
        Should.Throw<KafkaException>(() => zombie.CommitTransaction(Patience)).Error.IsFatal.ShouldBeTrue();
        successor.BeginTransaction();
        successor.Produce(topic, Record("successor"));
        successor.CommitTransaction(Patience);
        broker.ReadAll(topic).ShouldHaveSingleItem().Message.Value.ShouldBe("successor");
    }

    [Fact]
    public async Task A_member_that_lost_its_partitions_cannot_commit_for_them()
    {
        var group = BrokerClients.Unique("group");
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync();
        using (var feed = broker.Producer())
            await feed.ProduceAsync(topic, Record("x"), BrokerClients.Ended);
        using var producer = broker.Transactional(id);
        producer.InitTransactions(Patience);
        IConsumerGroupMetadata former;
        using (var consumer = broker.Consumer(group))
        {
            consumer.Subscribe(topic);
            consumer.Consume(Patience).ShouldNotBeNull();
            former = consumer.ConsumerGroupMetadata;
            consumer.Close();
        }

        producer.BeginTransaction();
        Should.Throw<KafkaException>(() => producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, 1)], former, Patience))
            .Error.Code.ShouldBe(ErrorCode.UnknownMemberId);
        producer.AbortTransaction(Patience);
    }

    [Fact]
    public async Task A_transaction_that_is_open_too_long_is_aborted()
    {
        var group = BrokerClients.Unique("group");
        var id = BrokerClients.Unique("id");
        var topic = await broker.NewTopicAsync();
        using var slow = broker.Producer(config =>
        {
            config.TransactionalId = id;
            config.TransactionTimeoutMs = 1_000;
        });
        slow.InitTransactions(Patience);
        slow.BeginTransaction();
        slow.Produce(topic, Record("late"));
        slow.Flush(BrokerClients.Ended);
        using var plain = broker.Producer();
        await plain.ProduceAsync(topic, Record("after"), BrokerClients.Ended);
        using var consumer = broker.Consumer(group);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        consumer.Consume(Patience).Message.Value.ShouldBe("after");
        Should.Throw<KafkaException>(() => slow.CommitTransaction(Patience));
    }

    private static void TransactWith(IProducer<string, string> producer, IConsumer<string, string> consumer, string topic, long offset)
    {
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, offset)], consumer.ConsumerGroupMetadata, Patience);
    }

    private static Message<string, string> Record(string value) => new() { Key = "k", Value = value };
}
