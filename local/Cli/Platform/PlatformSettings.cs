using System.Globalization;
using System.Text.Json.Serialization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.LocalPostgres;
using Commerce.Streaming.ServiceDefaults;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>Everything that a user can set about a copy of the platform; each null address means the local process.</summary>
public sealed record PlatformSettings
{
    public const string HomeVariable = "COMMERCE_HOME";
    public const string PortBaseVariable = "COMMERCE_PORT_BASE";
    public const string KafkaVariable = "COMMERCE_KAFKA_BOOTSTRAP";
    public const string RegistryVariable = "COMMERCE_SCHEMA_REGISTRY_URL";
    public const string RedisVariable = "COMMERCE_REDIS_URL";
    public const string PostgresVariable = "COMMERCE_POSTGRES_URL";
    public const string DashboardVariable = "COMMERCE_DASHBOARD";
    public const string PartitionsMultipleVariable = "COMMERCE_PARTITIONS_MULTIPLE";
    public const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public required string Home { get; init; }

    public required int PortBase { get; init; }

    /// <summary>Host:port list of an existing Kafka cluster.</summary>
    public string? Kafka { get; init; }

    public string? Registry { get; init; }

    public string? Redis { get; init; }

    /// <summary>libpq URL of a role that owns the database. Holds a password.</summary>
    public string? Postgres { get; init; }

    /// <summary>By how much topics have more partitions than schemas/topics.json says; of data that are there it is given.</summary>
    public int PartitionsMultiple { get; init; } = 1;

    /// <summary>An existing OpenTelemetry collector; the local dashboard is not told anything then.</summary>
    public string? Otlp { get; init; }

    public bool Dashboard { get; init; } = true;

    /// <summary>False: the port base is the default, so a copy that runs with another one is not contradicted.</summary>
    [JsonIgnore]
    public bool IsPortBaseGiven { get; init; }

    [JsonIgnore]
    public PlatformPaths Paths => new(Home);

    [JsonIgnore]
    public PlatformPorts Ports => new(PortBase);

    /// <summary>From options of the command line first, then variables, then defaults.</summary>
    /// <exception cref="CliException">A value makes no sense; the message names the variable or option.</exception>
    public static PlatformSettings Resolve(string? home, int? portBase, bool? dashboard = null, int? partitionsMultiple = null) => new()
    {
        Home = Path.GetFullPath(home ?? Variable(HomeVariable) ?? Path.Combine(PlatformPaths.Root, ".commerce")),
        PortBase = CheckPortBase(portBase ?? NumberFrom(PortBaseVariable, "17000") ?? PlatformPorts.DefaultBase),
        IsPortBaseGiven = (portBase ?? NumberFrom(PortBaseVariable, "17000")) is not null,
        Kafka = Variable(KafkaVariable),
        Registry = CheckUrl(RegistryVariable, "http", "https"),
        Redis = CheckUrl(RedisVariable, "redis", "rediss"),
        Postgres = CheckPostgres(),
        Otlp = Variable(OtlpVariable),
        PartitionsMultiple = CheckMultiple(partitionsMultiple ?? NumberFrom(PartitionsMultipleVariable, "2") ?? 1),
        Dashboard = dashboard ?? Variable(DashboardVariable) is not ("off" or "false" or "0"),
    };

    private static int? NumberFrom(string variable, string example)
    {
        if (Variable(variable) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw CliException.Usage($"{variable} is '{text}': expected a number such as {example}.");
    }

    private static int CheckMultiple(int value) =>
        value is >= 1 and <= KafkaOptions.PartitionsMultipleMax
            ? value
            : throw CliException.Usage($"The multiple of partitions {value} is outside 1 to {KafkaOptions.PartitionsMultipleMax}.");

    private static int CheckPortBase(int value) =>
        value is >= PlatformPorts.LowestBase and <= PlatformPorts.HighestBase
            ? value
            : throw CliException.Usage($"The port base {value} is outside {PlatformPorts.LowestBase} to {PlatformPorts.HighestBase}.");

    private static string? CheckUrl(string variable, params string[] schemes)
    {
        if (Variable(variable) is not { } text)
            return null;
        var valid = Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme);
        return valid ? text.TrimEnd('/') : throw CliException.Usage($"{variable} is '{text}': expected {schemes[0]}://host:port.");
    }

    private static string? CheckPostgres()
    {
        if (Variable(PostgresVariable) is not { } text)
            return null;
        try
        {
            PostgresUrl.Parse(text);
            return text;
        }
        catch (FormatException e)
        {
            throw CliException.Usage($"{PostgresVariable}: {e.Message}");
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
