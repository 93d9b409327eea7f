using System.Globalization;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.LocalBroker.Tests.Conformance;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Testing.Containers;

[assembly: AssemblyFixture(typeof(BrokerUnderTest))]

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

/// <summary>
/// The broker that the conformance suite runs on, one for all its tests: the Apache Kafka that COMMERCE_TEST_KAFKA_BOOTSTRAP
/// names or bin/kafka-start in COMMERCE_TEST_KAFKA_HOME starts, one in a container with COMMERCE_TEST_BACKENDS=containers, or
/// a LocalBroker.
/// </summary>
public sealed class BrokerUnderTest : BrokerClients, IAsyncLifetime
{
    /// <summary>What the tests need to be quick: short sessions, and background work that does not wait.</summary>
    private static readonly Dictionary<string, string> QuickSettings = new(StringComparer.Ordinal)
    {
        ["group.min.session.timeout.ms"] = "200",
        ["group.consumer.min.heartbeat.interval.ms"] = "100",
        ["group.consumer.heartbeat.interval.ms"] = "200",
        ["group.consumer.min.session.timeout.ms"] = "200",
        ["group.consumer.session.timeout.ms"] = "2000",
        ["log.cleaner.backoff.ms"] = "200",
        ["log.initial.task.delay.ms"] = "200",
        ["transaction.abort.timed.out.transaction.cleanup.interval.ms"] = "500",
    };

    private IAsyncDisposable? _server;
    private string _address = "";

    public override string Address => _address;

    /// <summary>Whether this is the broker of this repository, for the few answers that differ with a reason.</summary>
    public bool IsLocalBroker => _server is TestBroker;

    public async ValueTask InitializeAsync()
    {
        if (TestEnvironment.KafkaBootstrap is { } bootstrap)
            _address = bootstrap;
        else if (TestEnvironment.KafkaHome is { } home)
            (_server, _address) = await StartScriptAsync(home);
        else if (TestEnvironment.UsesContainers)
            (_server, _address) = await KafkaContainers.StartAsync(QuickSettings);
        else
            (_server, _address) = await StartLocalAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static async Task<(IAsyncDisposable, string)> StartLocalAsync()
    {
        var broker = await TestBroker.StartAsync(with: options => options with
        {
            MaintenanceInterval = TimeSpan.FromMilliseconds(200),
            ConsumerGroupHeartbeatInterval = TimeSpan.FromMilliseconds(200),
            ConsumerGroupSessionTimeout = TimeSpan.FromSeconds(2),
        });
        return (broker, broker.Address);
    }

    private static async Task<(IAsyncDisposable, string)> StartScriptAsync(string home)
    {
        var port = LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture);
        var settings = QuickSettings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" });
        var script = await ServerScript.StartAsync(
            home, "kafka", new ThrowawayFolder("commerce-test-kafka"), ["--port", port, "--partitions", "6", .. settings]);
        return (script, script.Address);
    }
}
