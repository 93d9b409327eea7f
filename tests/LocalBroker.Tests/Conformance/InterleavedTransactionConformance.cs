using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

/// <summary>Transactions that meet in one partition, go wrong, or belong to somebody who has been replaced.</summary>
public sealed class InterleavedTransactionConformance(BrokerUnderTest broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Transactions_that_alternate_in_a_partition_are_told_apart()
    {
        var topic = await broker.NewTopicAsync();
        using var kept = broker.Transactional(BrokerClients.Unique("kept"));
        using var dropped = broker.Transactional(BrokerClients.Unique("dropped"));
        kept.InitTransactions(Patience);
        dropped.InitTransactions(Patience);
        for (var round = 0; round < 3; round++)
        {
            kept.BeginTransaction();
            dropped.BeginTransaction();
            for (var i = 0; i < 3; i++)
            {
                await kept.ProduceAsync(topic, Record("kept"), BrokerClients.Ended);
                await dropped.ProduceAsync(topic, Record("dropped"), BrokerClients.Ended);
            }

            dropped.AbortTransaction(Patience);
            kept.CommitTransaction(Patience);
        }

        broker.ReadAll(topic).Select(read => read.Message.Value).ShouldBe(Enumerable.Repeat("kept", 9));
        broker.ReadAll(topic, IsolationLevel.ReadUncommitted).Count.ShouldBe(18);
        using var admin = broker.Admin();
        (await EndOfAsync(admin, topic)).ShouldBe(18 + 6, "each end of a transaction takes an offset");
    }

    [Fact]
    public async Task The_oldest_open_transaction_holds_back_those_that_began_later()
    {
        var topic = await broker.NewTopicAsync();
        using var first = broker.Transactional(BrokerClients.Unique("first"));
        using var second = broker.Transactional(BrokerClients.Unique("second"));
        first.InitTransactions(Patience);
        second.InitTransactions(Patience);
        first.BeginTransaction();
        await first.ProduceAsync(topic, Record("first"), BrokerClients.Ended);
        second.BeginTransaction();
        await second.ProduceAsync(topic, Record("second"), BrokerClients.Ended);
        second.CommitTransaction(Patience);
        broker.ReadAll(topic).ShouldBeEmpty();
        first.CommitTransaction(Patience);
        broker.ReadAll(topic).Select(read => read.Message.Value).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_producer_whose_record_was_refused_aborts_and_goes_on()
    {
        var topic = await broker.NewTopicAsync(config: new() { ["max.message.bytes"] = "2000" });
        using var producer = broker.Transactional(BrokerClients.Unique("id"));
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, Record("before"), BrokerClients.Ended);
        (await Should.ThrowAsync<ProduceException<string, string>>(() => producer.ProduceAsync(topic, Record(new string('x', 5_000)), BrokerClients.Ended)))
            .Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
        Should.Throw<KafkaTxnRequiresAbortException>(() => producer.CommitTransaction(Patience));
        producer.AbortTransaction(Patience);

        // librdkafka counts the refused record's sequence number: it aborts once more to get a new epoch.
        for (var committed = 0; committed < 3;)
        {
            producer.BeginTransaction();
            producer.Produce(topic, Record("after"));
            try
            {
                producer.CommitTransaction(Patience);
                committed++;
            }
            catch (KafkaTxnRequiresAbortException)
            {
                committed.ShouldBe(0);
                producer.AbortTransaction(Patience);
            }
        }

        broker.ReadAll(topic).Select(read => read.Message.Value).ShouldBe(["after", "after", "after"]);
    }

    [Fact]
    public async Task A_producer_that_was_replaced_while_idle_learns_it_at_its_next_record()
    {
        var topic = await broker.NewTopicAsync();
        var id = BrokerClients.Unique("id");
        using var zombie = broker.Transactional(id);
        zombie.InitTransactions(Patience);
        zombie.BeginTransaction();
        await zombie.ProduceAsync(topic, Record("zombie"), BrokerClients.Ended);
        zombie.CommitTransaction(Patience);
        using var successor = broker.Transactional(id);
        successor.InitTransactions(Patience);

        zombie.BeginTransaction();
        Should.Throw<KafkaException>(() =>
        {
            zombie.Produce(topic, Record("late"));
            zombie.CommitTransaction(Patience);
        }).Error.IsFatal.ShouldBeTrue();
        successor.BeginTransaction();
        await successor.ProduceAsync(topic, Record("successor"), BrokerClients.Ended);
        successor.CommitTransaction(Patience);
        broker.ReadAll(topic, IsolationLevel.ReadUncommitted).Select(read => read.Message.Value).ShouldBe(["zombie", "successor"]);
    }

    [Fact]
    public void A_transaction_may_not_ask_to_stay_open_for_longer_than_the_broker_allows()
    {
        using var producer = broker.Transactional(BrokerClients.Unique("id"), config =>
        {
            config.TransactionTimeoutMs = 3_600_000;
            config.MessageTimeoutMs = 10_000;
        });
        Should.Throw<KafkaException>(() => producer.InitTransactions(Patience)).Error.Code.ShouldBe(ErrorCode.InvalidTransactionTimeout);
    }

    private static async Task<long> EndOfAsync(IAdminClient admin, string topic) =>
        (await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = OffsetSpec.Latest() }]))
        .ResultInfos[0].TopicPartitionOffsetError.Offset.Value;

    private static Message<string, string> Record(string value) => new() { Key = "k", Value = value };
}
