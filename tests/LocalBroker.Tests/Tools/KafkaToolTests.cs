using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests.Tools;

/// <summary>Apache Kafka's own command-line tools, taken from bin/kafka-tool in COMMERCE_TEST_KAFKA_HOME.</summary>
public sealed class KafkaToolTests(StandaloneBroker broker) : IClassFixture<StandaloneBroker>
{
    [Fact]
    public async Task Topics_are_created_described_and_altered()
    {
        var topic = BrokerClients.Unique("tool");
        await RunAsync("topics", ["--create", "--topic", topic, "--partitions", "3", "--config", "cleanup.policy=compact"]);
        var described = await RunAsync("topics", ["--describe", "--topic", topic]);
        described.Output.ShouldContain("PartitionCount: 3");
        described.Output.ShouldContain("cleanup.policy=compact");

        await RunAsync("configs", ["--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config", "retention.ms=12345"]);
        var settings = await RunAsync("configs", ["--describe", "--entity-type", "topics", "--entity-name", topic]);
        settings.Output.ShouldContain("retention.ms=12345");
        await RunAsync("topics", ["--delete", "--topic", topic]);
        (await RunAsync("topics", ["--list"])).Lines.ShouldNotContain(topic);
    }

    [Fact]
    public async Task Console_clients_groups_and_offsets()
    {
        var topic = await broker.NewTopicAsync(2);
        var group = BrokerClients.Unique("group");
        await RunAsync("console-producer", ["--topic", topic], string.Concat(Enumerable.Range(0, 20).Select(i => $"value-{i}\n")));
        var read = await RunAsync(
            "console-consumer", ["--topic", topic, "--group", group, "--from-beginning", "--max-messages", "20", "--timeout-ms", "60000"]);
        read.Lines.Count(line => line.StartsWith("value-", StringComparison.Ordinal)).ShouldBe(20);

        (await RunAsync("get-offsets", ["--topic", topic])).Lines.Sum(line => int.Parse(line.Split(':')[2], null)).ShouldBe(20);
        (await LagAsync(group)).ShouldBe(0);
        await RunAsync("consumer-groups", ["--group", group, "--reset-offsets", "--topic", topic, "--to-earliest", "--execute"]);
        (await LagAsync(group)).ShouldBe(20);
        await RunAsync("consumer-groups", ["--group", group, "--delete"]);
        (await RunAsync("consumer-groups", ["--list"])).Lines.ShouldNotContain(group);
    }

    [Fact]
    public async Task Clients_and_descriptions_of_groups_that_the_broker_shares_out()
    {
        string[] newer = ["--command-property", "group.protocol=consumer"];
        var (topic, group) = (await broker.NewTopicAsync(3), BrokerClients.Unique("group"));
        await RunAsync("console-producer", ["--topic", topic], string.Concat(Enumerable.Range(0, 20).Select(i => $"value-{i}\n")));
        var read = await RunAsync(
            "console-consumer", ["--topic", topic, "--group", group, "--from-beginning", "--max-messages", "20", "--timeout-ms", "60000", .. newer]);
        read.Lines.Count(line => line.StartsWith("value-", StringComparison.Ordinal)).ShouldBe(20);
        (await LagAsync(group)).ShouldBe(0);
        (await RunAsync("consumer-perf-test", ["--topic", topic, "--num-records", "20", "--timeout", "60000", .. newer]))
            .Lines[^1].Split(',')[4].Trim().ShouldBe("20");

        using var member = broker.Consumer(group, config => config.GroupProtocol = GroupProtocol.Consumer);
        member.Subscribe(topic);
        while (member.Assignment.Count < 3)
            member.Consume(TimeSpan.FromMilliseconds(50));
        (await RunAsync("consumer-groups", ["--group", group, "--describe", "--state"])).Output.ShouldMatch(@"uniform\s+Stable");
        (await RunAsync("consumer-groups", ["--group", group, "--describe", "--members", "--verbose"])).Output.ShouldContain($"{topic}:0,1,2");
        (await RunAsync("groups", ["--list", "--consumer"])).Output.ShouldMatch($@"{group}\s+Consumer\s+consumer");
    }

    [Fact]
    public async Task Records_are_deleted_up_to_an_offset()
    {
        var topic = await broker.NewTopicAsync();
        using (var producer = broker.Producer())
        {
            for (var i = 0; i < 5; i++)
                await producer.ProduceAsync(topic, new Message<string, string> { Value = $"{i}" }, BrokerClients.Ended);
        }

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""{"partitions":[{"topic":"{{topic}}","partition":0,"offset":3}],"version":1}""", BrokerClients.Ended);
        (await RunAsync("delete-records", ["--offset-json-file", file])).Output.ShouldContain("low_watermark: 3");
        File.Delete(file);
        (await RunAsync("get-offsets", ["--topic", topic, "--time", "earliest"])).Lines.ShouldContain($"{topic}:0:3");
    }

    [Fact]
    public async Task Transactions_are_listed_described_and_found_hanging()
    {
        var topic = await broker.NewTopicAsync();
        var id = BrokerClients.Unique("id");
        using var producer = broker.Transactional(id);
        producer.InitTransactions(TimeSpan.FromSeconds(10));
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "open" }, BrokerClients.Ended);

        (await RunAsync("transactions", ["list"])).Output.ShouldMatch($@"{id}\s+1\s+\d+\s+Ongoing");
        (await RunAsync("transactions", ["describe", "--transactional-id", id])).Output.ShouldContain($"{topic}-0");
        (await RunAsync("transactions", ["describe-producers", "--topic", topic, "--partition", "0"])).Lines.Count.ShouldBe(2);
        var hanging = await RunAsync("transactions", ["find-hanging", "--broker-id", "1"]);
        hanging.Output.ShouldNotContain(topic, Case.Sensitive, "its coordinator knows it");
        producer.CommitTransaction();
        (await RunAsync("transactions", ["list"])).Output.ShouldMatch($@"{id}\s+1\s+\d+\s+CompleteCommit");
    }

    [Fact]
    public async Task Performance_tests_write_and_read_with_and_without_transactions()
    {
        var topic = await broker.NewTopicAsync(3);
        string[] load = ["--topic", topic, "--num-records", "2000", "--record-size", "100", "--throughput", "-1"];
        (await RunAsync("producer-perf-test", load)).Output.ShouldContain("2000 records sent");
        (await RunAsync("producer-perf-test", [.. load, "--transactional-id", "perf", "--transaction-duration-ms", "50"]))
            .Output.ShouldContain("2000 records sent");
        (await RunAsync("consumer-perf-test", ["--topic", topic, "--num-records", "4000", "--timeout", "60000"])).Lines[^1].Split(',')[4].Trim().ShouldBe("4000");
        (await RunAsync("log-dirs", ["--describe", "--topic-list", topic])).Output.ShouldContain($"{topic}-2");
    }

    private async Task<int> LagAsync(string group)
    {
        var described = await RunAsync("consumer-groups", ["--group", group, "--describe"]);
        return described.Lines.Where(line => line.StartsWith(group, StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5], null));
    }

    private Task<ExternalTool> RunAsync(string tool, IEnumerable<string> arguments, string? input = null)
    {
        var home = Environment.GetEnvironmentVariable("COMMERCE_TEST_KAFKA_HOME");
        Assert.SkipWhen(string.IsNullOrEmpty(home), "COMMERCE_TEST_KAFKA_HOME names no folder with bin/kafka-tool.");
        return ExternalTool.SucceedAsync(Path.Combine(home!, "bin", "kafka-tool"), [tool, "--bootstrap-server", broker.Address, .. arguments], input);
    }
}
