namespace Commerce.Streaming.LocalBroker.Tests.Tools;

/// <summary>
/// Clients that share no code with librdkafka's .NET one or with Java's: kcat from the PATH; kafkajs where node finds it
/// (NODE_PATH); kafka-python where COMMERCE_TEST_PYTHON, or python3, does.
/// </summary>
public sealed class ForeignClientTests(StandaloneBroker broker) : IClassFixture<StandaloneBroker>
{
    [Fact]
    public async Task Kcat_lists_writes_and_reads()
    {
        var topic = await broker.NewTopicAsync();
        await ExternalTool.SucceedAsync("kcat", ["-b", broker.Address, "-P", "-t", topic, "-K", ":", "-z", "lz4"], "a:1\nb:2\nc:3\n");
        (await ExternalTool.SucceedAsync("kcat", ["-b", broker.Address, "-L", "-t", topic])).Output.ShouldContain($"topic \"{topic}\" with 1 partitions");
        (await ExternalTool.SucceedAsync("kcat", ["-b", broker.Address, "-C", "-t", topic, "-e", "-q", "-f", "%k=%s@%o\n"]))
            .Lines.ShouldBe(["a=1@0", "b=2@1", "c=3@2"]);
        (await ExternalTool.SucceedAsync("kcat", ["-b", broker.Address, "-Q", "-t", $"{topic}:0:-1"])).Output.ShouldContain("offset 3");
    }

    [Fact]
    public async Task Kafkajs_writes_in_transactions_and_reads_in_a_group()
    {
        var probe = await ExternalTool.RunAsync("node", ["-e", "require('kafkajs')"]);
        Assert.SkipWhen(probe.ExitCode != 0, "node does not find kafkajs: set NODE_PATH to a node_modules that has it.");
        await RoundTripAsync("node", "kafkajs-round-trip.cjs");
    }

    [Fact]
    public async Task Kafka_python_writes_in_transactions_and_reads_in_a_group()
    {
        var python = Environment.GetEnvironmentVariable("COMMERCE_TEST_PYTHON") is { Length: > 0 } named ? named : "python3";
        var probe = await ExternalTool.RunAsync(python, ["-c", "import kafka"]);
        Assert.SkipWhen(probe.ExitCode != 0, $"{python} does not find kafka-python: set COMMERCE_TEST_PYTHON to one that does.");
        await RoundTripAsync(python, "kafka-python-round-trip.py");
    }

    private async Task RoundTripAsync(string program, string script)
    {
        var topic = await broker.NewTopicAsync(2);
        var path = Path.Combine(AppContext.BaseDirectory, "Tools", script);
        var read = await ExternalTool.SucceedAsync(program, [path, broker.Address, topic, BrokerClients.Unique("group")]);
        read.Lines.Order(StringComparer.Ordinal).ShouldBe(["k0=committed", "k1=committed", "k2=committed", "k3=committed"]);
    }
}
