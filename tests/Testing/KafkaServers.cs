using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Testing;

/// <summary>Finds or starts Kafka and the registry: environment first, then a broker started by scripts.</summary>
internal static class KafkaServers
{
    public static async Task<(string Bootstrap, string Registry)?> StartAsync(List<IAsyncDisposable> servers)
    {
        if (TestEnvironment.KafkaBootstrap is { } bootstrap && TestEnvironment.RegistryUrl is { } registry)
            return (bootstrap, registry);
        if (TestEnvironment.KafkaHome is { } kafkaHome && TestEnvironment.RegistryHome is { } registryHome)
            return await StartScriptsAsync(kafkaHome, registryHome, servers);
        return null;
    }

    private static async Task<(string, string)> StartScriptsAsync(string kafkaHome, string registryHome, List<IAsyncDisposable> servers)
    {
        var kafka = StartScriptAsync(kafkaHome, "kafka");
        var registry = StartScriptAsync(registryHome, "registry");
        servers.Add(await kafka);
        servers.Add(await registry);
        return ((await kafka).Address, (await registry).Address);
    }

    private static Task<ServerScript> StartScriptAsync(string home, string name)
    {
        var port = LoopbackPorts.FindFree();
        var folder = Path.Combine(Path.GetTempPath(), $"commerce-test-{name}-{Environment.ProcessId}");
        return ServerScript.StartAsync(home, name, folder, ["--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
    }
}
