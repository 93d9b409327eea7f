using System.Globalization;
using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.LocalRegistry;

namespace Commerce.Streaming.Testing;

/// <summary>Finds or starts Kafka and the registry: environment first, then servers inside this process.</summary>
internal static class KafkaServers
{
    public static async Task<(string Bootstrap, string Registry)> StartAsync(List<IAsyncDisposable> servers)
    {
        if (TestEnvironment.KafkaBootstrap is { } bootstrap && TestEnvironment.RegistryUrl is { } registry)
            return (bootstrap, registry);
        if (TestEnvironment.KafkaHome is { } kafkaHome && TestEnvironment.RegistryHome is { } registryHome)
            return await StartScriptsAsync(kafkaHome, registryHome, servers);
        return await StartEmbeddedAsync(servers);
    }

    private static async Task<(string, string)> StartEmbeddedAsync(List<IAsyncDisposable> servers)
    {
        var folder = new ThrowawayFolder("commerce-test-embedded");
        servers.Add(folder);
        var broker = await LocalBrokerServer.StartAsync(new LocalBrokerOptions { DataDirectory = folder.Child("broker") });
        servers.Add(broker);
        var registry = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = folder.Child("registry") });
        servers.Add(registry);
        return (broker.BootstrapServers, registry.Url.ToString());
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
        var port = LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture);
        return ServerScript.StartAsync(home, name, new ThrowawayFolder($"commerce-test-{name}"), ["--port", port]);
    }
}
