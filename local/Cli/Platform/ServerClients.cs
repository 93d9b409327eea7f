using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>
/// How commands speak to Kafka and the schema registry: by the variables of the services (Kafka__SecurityProtocol and so on,
/// docs/configuration.md), so that a cluster that they reach is reached by the commands too.
/// </summary>
internal static class ServerClients
{
    /// <summary>Properties of a Kafka client for these brokers. Our own broker speaks plaintext, whatever the variables say of another.</summary>
    /// <exception cref="CliException">A variable makes no sense.</exception>
    public static Dictionary<string, string> Kafka(string bootstrapServers, bool isOwn)
    {
        if (isOwn)
            return new KafkaOptions { BootstrapServers = bootstrapServers }.ToClientProperties();
        var options = Read<KafkaOptions>(KafkaOptions.Section, nameof(KafkaOptions.BootstrapServers), bootstrapServers);
        return options.ToClientProperties();
    }

    /// <summary>Properties of a registry client for this address.</summary>
    /// <exception cref="CliException">A variable makes no sense.</exception>
    public static Dictionary<string, string> Registry(string url, bool isOwn) => isOwn
        ? new SchemaRegistryOptions { Url = url }.ToClientProperties()
        : Read<SchemaRegistryOptions>(SchemaRegistryOptions.Section, nameof(SchemaRegistryOptions.Url), url).ToClientProperties();

    private static T Read<T>(string section, string addressName, string address)
        where T : class
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables()
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"{section}:{addressName}"] = address })
            .Build();
        var options = configuration.GetSection(section).Get<T>()!;
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw CliException.Usage(string.Join('\n', faults.Select(fault => fault.ErrorMessage)));
        return options;
    }
}
