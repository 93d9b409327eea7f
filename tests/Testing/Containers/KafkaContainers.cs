using System.Net.Http.Json;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Testcontainers.Kafka;

namespace Commerce.Streaming.Testing.Containers;

/// <summary>Apache Kafka and a schema registry in containers.</summary>
public static class KafkaContainers
{
    private const int RegistryPort = 8080;
    private const string RegistryPath = "/apis/ccompat/v7";

    /// <summary>Settings that the embedded broker has too, so that the same tests see the same.</summary>
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["num.partitions"] = "6",
        ["group.initial.rebalance.delay.ms"] = "0",
    };

    /// <summary>A broker of one node, and its bootstrap servers.</summary>
    /// <param name="settings">Of server.properties.</param>
    public static async Task<(IContainer Container, string Bootstrap)> StartAsync(IEnumerable<KeyValuePair<string, string>>? settings = null)
    {
        var container = await ContainerStart.RunAsync(ContainerImages.Kafka, () =>
            Settings.Concat(settings ?? []).Aggregate(new KafkaBuilder(ContainerImages.Kafka), WithSetting).Build());
        return (container, $"{container.Hostname}:{container.GetMappedPublicPort(KafkaBuilder.KafkaPort)}");
    }

    /// <summary>
    /// Apicurio Registry and its URL with Confluent's API, the global level BACKWARD; null, with a message, when the image cannot be had.
    /// </summary>
    public static async Task<(IContainer Container, string Url)?> TryStartRegistryAsync()
    {
        try
        {
            var container = await ContainerStart.RunAsync(ContainerImages.Registry, BuildRegistry);
            var url = $"http://{container.Hostname}:{container.GetMappedPublicPort(RegistryPort)}{RegistryPath}";
            using var client = new HttpClient();
            using var answer = await client.PutAsJsonAsync(new Uri(url + "/config"), new { compatibility = "BACKWARD" });
            answer.EnsureSuccessStatusCode();
            return (container, url);
        }
        catch (Docker.DotNet.DockerApiException refused)
        {
            ContainerStart.Tell($"{ContainerImages.Registry} cannot be had ({refused.Message.Trim()}): the registry of this repository stands in.");
            return null;
        }
    }

    // The broker's image reads KAFKA_ and the setting's name, with _ for each dot.
    private static KafkaBuilder WithSetting(KafkaBuilder builder, KeyValuePair<string, string> setting) =>
        builder.WithEnvironment("KAFKA_" + setting.Key.Replace('.', '_').ToUpperInvariant(), setting.Value);

    private static IContainer BuildRegistry() => new ContainerBuilder(ContainerImages.Registry)
        .WithPortBinding(RegistryPort, assignRandomHostPort: true)
        // Else another layout of one schema gets another id.
        .WithEnvironment("APICURIO_CCOMPAT_USE_CANONICAL_HASH", "true")
        .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(RegistryPort).ForPath(RegistryPath + "/subjects")))
        .Build();
}
