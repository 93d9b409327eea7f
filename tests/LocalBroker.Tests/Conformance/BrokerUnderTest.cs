using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Commerce.Streaming.LocalBroker.Tests.Conformance;

[assembly: AssemblyFixture(typeof(BrokerUnderTest))]

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

/// <summary>
/// The broker that the conformance suite runs on, one for all its tests: a LocalBroker, or the Apache Kafka that
/// COMMERCE_TEST_KAFKA_BOOTSTRAP names or bin/kafka-start in COMMERCE_TEST_KAFKA_HOME starts.
/// </summary>
public sealed class BrokerUnderTest : BrokerClients, IAsyncLifetime
{
    /// <summary>What the tests need to be quick: short sessions, and background work that does not wait.</summary>
    private static readonly string[] QuickSettings =
    [
        "group.min.session.timeout.ms=200",
        "log.cleaner.backoff.ms=200",
        "log.initial.task.delay.ms=200",
        "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
    ];

    private TestBroker? _local;
    private string? _home;
    private string? _folder;
    private string _address = "";

    public override string Address => _address;

    /// <summary>Whether this is the broker of this repository, for the few answers that differ with a reason.</summary>
    public bool IsLocalBroker => _local is not null;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("COMMERCE_TEST_KAFKA_BOOTSTRAP") is { Length: > 0 } bootstrap)
        {
            _address = bootstrap;
        }
        else if (Environment.GetEnvironmentVariable("COMMERCE_TEST_KAFKA_HOME") is { Length: > 0 } home)
        {
            (_home, _folder) = (home, TestBroker.NewDirectory());
            var settings = QuickSettings.SelectMany(setting => new[] { "--set", setting });
            var output = await RunAsync("kafka-start", ["--port", $"{FreePort()}", "--partitions", "6", .. settings]);
            _address = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        }
        else
        {
            _local = await TestBroker.StartAsync(with: options => options with { MaintenanceInterval = TimeSpan.FromMilliseconds(200) });
            _address = _local.Address;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
            await _local.DisposeAsync();
        if (_folder is null)
            return;
        await RunAsync("kafka-stop", []);
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The server inherits the script's pipes: only a file lets the reading end with the script.
    private async Task<string> RunAsync(string script, IEnumerable<string> arguments)
    {
        var log = Path.Combine(_folder!, script + ".out");
        string[] command = ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", log, Path.Combine(_home!, "bin", script), "--dir", _folder!, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", command))!;
        await process.WaitForExitAsync();
        var output = await File.ReadAllTextAsync(log);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script} ended with {process.ExitCode}:\n{output}");
    }
}
