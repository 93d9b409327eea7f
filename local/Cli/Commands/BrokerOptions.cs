using System.ComponentModel;
using System.Net;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

public sealed class BrokerOptions : CommandSettings
{
    private const int DefaultKafkaPort = 9092;
    private const int DefaultRegistryPort = 8081;

    [CommandOption("--port <PORT>")]
    [Description("Port for Kafka clients; 0 takes a free one.")]
    [DefaultValue(DefaultKafkaPort)]
    public int Port { get; init; }

    [CommandOption("--registry-port <PORT>")]
    [Description("Port of the schema registry; 0 takes a free one.")]
    [DefaultValue(DefaultRegistryPort)]
    public int RegistryPort { get; init; }

    [CommandOption("--dir <DIR>")]
    [Description("Folder for the data (in broker/ and registry/ below it).")]
    [DefaultValue(".commerce/standalone")]
    public string Directory { get; init; } = "";

    [CommandOption("--host <ADDRESS>")]
    [Description("Address to listen on. There is no authentication: leave it local.")]
    [DefaultValue("127.0.0.1")]
    public string Host { get; init; } = "";

    [CommandOption("--no-kafka")]
    [Description("Only the schema registry.")]
    public bool NoKafka { get; init; }

    [CommandOption("--no-registry")]
    [Description("Only the broker.")]
    public bool NoRegistry { get; init; }

    public override ValidationResult Validate()
    {
        if (Port is < 0 or > IPEndPoint.MaxPort || RegistryPort is < 0 or > IPEndPoint.MaxPort)
            return ValidationResult.Error($"A port is a number from 0 to {IPEndPoint.MaxPort}.");
        if (!IPAddress.TryParse(Host, out _))
            return ValidationResult.Error($"--host is '{Host}': expected an IP address.");
        return NoKafka && NoRegistry ? ValidationResult.Error("--no-kafka and --no-registry leave nothing to run.") : ValidationResult.Success();
    }
}
