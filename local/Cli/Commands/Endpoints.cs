using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalPostgres;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>
/// Where commands that talk to a platform find it: an option first; then, unless a copy was named by --home or --port-base, the
/// variables that `commerce env` prints; then the local copy.
/// </summary>
internal sealed class Endpoints(PlatformOptions options)
{
    private readonly Lazy<PlatformAddresses> _local = new(() =>
    {
        var settings = options.Effective();
        return new PlatformAddresses(settings, PlatformKeys.LoadOrCreate(settings.Paths), Catalogue.Load());
    });

    private bool IsCopyNamed => options.Home is not null || options.PortBase is not null;

    public Uri Ingest(string? given) => Url(given ?? Variable("INGEST_URL") ?? _local.Value.Service("ingest"), "--url");

    public Uri Consent() => Url(Variable("CONSENT_URL") ?? _local.Value.Service("consent"), "CONSENT_URL");

    /// <summary>Properties of a Kafka client.</summary>
    public Dictionary<string, string> KafkaClient() => Variable("KAFKA_BOOTSTRAP") is { } elsewhere && elsewhere != _local.Value.OwnKafka
        ? ServerClients.Kafka(elsewhere, isOwn: false)
        : _local.Value.KafkaClient();

    /// <summary>Properties of a client of the schema registry.</summary>
    public Dictionary<string, string> RegistryClient() => Variable("SCHEMA_REGISTRY_URL") is { } elsewhere && elsewhere != _local.Value.OwnRegistry
        ? ServerClients.Registry(elsewhere, isOwn: false)
        : _local.Value.RegistryClient();

    /// <summary>The reporting role's address of the warehouse.</summary>
    public async Task<PostgresUrl> WarehouseAsync(string? given, CancellationToken cancellation)
    {
        if ((given ?? Variable("DATABASE_URL")) is { } url)
        {
            try
            {
                return PostgresUrl.Parse(url);
            }
            catch (FormatException e)
            {
                throw CliException.Usage($"DATABASE_URL: {e.Message}");
            }
        }
        var settings = options.Effective();
        return await EnvCommand.DatabaseAsync(settings, _local.Value, PlatformKeys.LoadOrCreate(settings.Paths), cancellation);
    }

    private string? Variable(string name) =>
        !IsCopyNamed && Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Uri Url(string text, string origin) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw CliException.Usage($"{origin} is '{text}': expected http://host:port.");
}
