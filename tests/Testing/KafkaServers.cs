using System.Globalization;
using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.LocalRegistry;
using Commerce.Streaming.Testing.Containers;

namespace Commerce.Streaming.Testing;

/// <summary>Finds or starts Kafka and the registry: environment first, then containers when asked for, then servers inside this process.</summary>
internal static class KafkaServers
{
    public static async Task<(string Bootstrap, string Registry)> StartAsync(List<IAsyncDisposable> servers)
    {
        if (TestEnvironment.KafkaBootstrap is { } bootstrap && TestEnvironment.RegistryUrl is { } registry)
            return (bootstrap, registry);
        if (TestEnvironment.KafkaHome is { } kafkaHome && TestEnvironment.RegistryHome is { } registryHome)
            return await StartScriptsAsync(kafkaHome, registryHome, servers);
        if (TestEnvironment.UsesContainers)
            return await StartContainersAsync(servers);
        return await StartEmbeddedAsync(servers);
    }

    private static async Task<(string, string)> StartEmbeddedAsync(List<IAsyncDisposable> servers)
    {
        var folder = new ThrowawayFolder("commerce-test-embedded");
        servers.Add(folder);
        var broker = await LocalBrokerServer.StartAsync(new LocalBrokerOptions { DataDirectory = folder.Child("broker") });
        servers.Add(broker);
        return (broker.BootstrapServers, await StartEmbeddedRegistryAsync(folder, servers));
    }

    private static async Task<(string, string)> StartContainersAsync(List<IAsyncDisposable> servers)
    {
        var (broker, bootstrap) = await KafkaContainers.StartAsync();
        servers.Add(broker);
        if (await KafkaContainers.TryStartRegistryAsync() is { } registry)
        {
            servers.Add(registry.Container);
            return (bootstrap, registry.Url);
        }

        var folder = new ThrowawayFolder("commerce-test-registry");
        servers.Add(folder);
        return (bootstrap, await StartEmbeddedRegistryAsync(folder, servers));
    }

    private static async Task<string> StartEmbeddedRegistryAsync(ThrowawayFolder folder, List<IAsyncDisposable> servers)
    {
        var registry = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = folder.Child("registry") });
        servers.Add(registry);
        return registry.Url.ToString();
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
