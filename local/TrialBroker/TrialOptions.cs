using System.Globalization;
using System.Net;

namespace Commerce.Streaming.TrialBroker;

/// <summary>The command line of the trial image: names and values in pairs.</summary>
internal sealed record TrialOptions
{
    public const string Usage =
        """
        usage: Commerce.Streaming.TrialBroker --dir DIR [--kafka-port N] [--registry-port N] [--advertise HOST]
        Runs the embedded Kafka broker, the embedded schema registry, or both: each when its port is given. They listen on every address and
        have no authentication: for trials inside a container network only. --advertise is the name under which clients reach the broker.
        """;

    public string Directory { get; init; } = "";

    public int? KafkaPort { get; init; }

    public int? RegistryPort { get; init; }

    public string? AdvertisedHost { get; init; }

    /// <summary>The options that the arguments ask for, or null when they make no sense.</summary>
    public static TrialOptions? Parse(string[] args)
    {
        var options = new TrialOptions();
        foreach (var pair in args.Chunk(2))
        {
            switch (pair)
            {
                case ["--dir", var directory]:
                    options = options with { Directory = directory };
                    break;
                case ["--kafka-port", var text] when TryPort(text, out var port):
                    options = options with { KafkaPort = port };
                    break;
                case ["--registry-port", var text] when TryPort(text, out var port):
                    options = options with { RegistryPort = port };
                    break;
                case ["--advertise", var host]:
                    options = options with { AdvertisedHost = host };
                    break;
                default:
                    return null;
            }
        }

        return options.Directory.Length == 0 || (options.KafkaPort ?? options.RegistryPort) is null ? null : options;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort;
}
