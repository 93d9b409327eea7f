using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class ConsumerGroupRestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Members_of_a_shared_out_group_go_on_after_a_kill_of_the_broker_and_lose_nothing_to_it()
    {
        var directory = TestBroker.NewDirectory();
        var first = await BrokerProcess.StartAsync(directory);
        var clients = new Clients(first.Address);
        await clients.CreateAsync("t", 4);
        var lost = 0;
        using var one = clients.Member("g", () => lost++);
        using var two = clients.Member("g", () => lost++);
        one.Subscribe("t");
        two.Subscribe("t");
        PollUntil(() => one.Assignment.Count == 2 && two.Assignment.Count == 2, one, two);
        var (ones, twos) = (one.Assignment, two.Assignment);
        lost = 0;

        await first.KillAsync();
        using var again = await BrokerProcess.StartAsync(directory, first.Port);
        first.Dispose();
        using var producer = clients.Producer();
        for (var partition = 0; partition < 4; partition++)
            await producer.ProduceAsync(new TopicPartition("t", partition), new Message<string, string> { Value = "after" }, BrokerClients.Ended);
        var seen = new List<TopicPartition>();
        PollUntil(() => seen.Count == 4, seen.Add, one, two);
        one.Commit();
        one.Assignment.ShouldBe(ones);
        two.Assignment.ShouldBe(twos);
        lost.ShouldBe(0);

        two.Close();
        PollUntil(() => one.Assignment.Count == 4, one);
        await again.KillAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static void PollUntil(Func<bool> condition, params IConsumer<string, string>[] consumers) => PollUntil(condition, _ => { }, consumers);

    private static void PollUntil(Func<bool> condition, Action<TopicPartition> onRecord, params IConsumer<string, string>[] consumers)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            foreach (var consumer in consumers)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(10)) is { } record)
                    onRecord(record.TopicPartition);
            }
        }
    }

    private sealed class Clients(string address) : BrokerClients
    {
        public override string Address => address;

        public IConsumer<string, string> Member(string group, Action onLoss) =>
            new ConsumerBuilder<string, string>(new ConsumerConfig
            {
                BootstrapServers = address,
                GroupId = group,
                GroupProtocol = GroupProtocol.Consumer,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoCommit = false,
                ReconnectBackoffMaxMs = 200,
            })
            .SetLogHandler((_, _) => { })
            .SetPartitionsLostHandler((_, _) => onLoss())
            .SetPartitionsRevokedHandler((_, _) => onLoss())
            .Build();
    }
}
