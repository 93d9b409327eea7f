using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class ProduceAndFetchTests
{
    [Theory]
    [InlineData(FlushPolicy.Interval)]
    [InlineData(FlushPolicy.EachWrite)]
    public async Task Stricter_flush_policies_serve_records_offsets_and_transactions_too(FlushPolicy policy)
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { Flush = policy, FlushInterval = TimeSpan.FromMilliseconds(5) });
        using var producer = broker.Transactional("t");
        producer.InitTransactions(TimeSpan.FromSeconds(10));
        producer.BeginTransaction();
        for (var i = 0; i < 20; i++)
            producer.Produce("flushed", Message($"{i}", "v"));
        producer.CommitTransaction(TimeSpan.FromSeconds(10));
        broker.ReadAll("flushed").Count.ShouldBe(20);
    }

    private static Message<string, string> Message(string key, string value) => new() { Key = key, Value = value };
}
