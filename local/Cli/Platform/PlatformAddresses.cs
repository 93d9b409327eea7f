using Commerce.Streaming.LocalPostgres;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>Where every part of one copy of the platform is reached: the local processes, or what the user named instead.</summary>
public sealed class PlatformAddresses(PlatformSettings settings, PlatformKeys keys, Catalogue catalogue)
{
    /// <summary>Write key of the bundled sample shop, one of those of a local run.</summary>
    public const string SampleWriteKey = "wk_sample_shop";

    public string Kafka => settings.Kafka ?? OwnKafka;

    public string SchemaRegistry => settings.Registry ?? OwnRegistry;

    /// <summary>Where the copy's own broker is, or would be.</summary>
    internal string OwnKafka => settings.Ports.Endpoint(catalogue.Offset(ProcessKind.Broker, "kafka"));

    internal string OwnRegistry => settings.Ports.Url(catalogue.Offset(ProcessKind.Broker, "registry"));

    /// <summary>Properties of a Kafka client.</summary>
    internal Dictionary<string, string> KafkaClient() => ServerClients.Kafka(Kafka, isOwn: settings.Kafka is null);

    /// <summary>Properties of a client of the schema registry.</summary>
    internal Dictionary<string, string> RegistryClient() => ServerClients.Registry(SchemaRegistry, isOwn: settings.Registry is null);

    public string Redis => settings.Redis ?? "redis://" + settings.Ports.Endpoint(catalogue.Offset(ProcessKind.Cache, "redis"));

    /// <summary>The role that owns the tables.</summary>
    public PostgresUrl PostgresOwner => settings.Postgres is { } external
        ? PostgresUrl.Parse(external)
        : Local(PostgresNames.Owner, keys.Postgres.Owner);

    /// <summary>The role that reads the tables, without qualifying them.</summary>
    public PostgresUrl PostgresReporting => PostgresOwner with { User = PostgresNames.Reporting, Password = keys.Postgres.Reporting };

    /// <summary>The local server's superuser, in its maintenance database.</summary>
    public PostgresUrl PostgresAdmin => Local(PostgresNames.Admin, keys.Postgres.Admin) with { Database = "postgres" };

    public string Dashboard => settings.Ports.Url(catalogue.Offset(ProcessKind.Dashboard, "http"));

    public string OtlpGrpc => settings.Ports.Url(catalogue.Offset(ProcessKind.Dashboard, "otlpGrpc"));

    public string OtlpHttp => settings.Ports.Url(catalogue.Offset(ProcessKind.Dashboard, "otlpHttp"));

    /// <summary>Where services send telemetry, or null when nobody would take it.</summary>
    public string? Otlp => settings.Otlp ?? (settings.Dashboard && DashboardFolder.Path is not null ? OtlpGrpc : null);

    /// <summary>Base URL of a service of the catalogue, such as `ingest`.</summary>
    public string Service(string name) =>
        settings.Ports.Url(catalogue.Processes.Single(entry => entry.Name == name).Ports["http"]);

    private PostgresUrl Local(string user, string password) =>
        new(user, password, "127.0.0.1", settings.Ports.At(catalogue.Offset(ProcessKind.Postgres, "postgres")), "commerce");
}
