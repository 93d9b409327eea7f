using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Commands.Up;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalPostgres;

namespace Commerce.Streaming.Cli.Commands.Demo;

/// <summary>The platform that the demo talks to: the local copy, or one that runs elsewhere, in containers say.</summary>
/// <param name="Kafka">Properties of a client.</param>
/// <param name="PseudonymKey">Base64; with it the truth's e-mail addresses become the pseudonyms of the tables.</param>
/// <param name="StateFolder">Where an interrupted run leaves its position.</param>
/// <param name="LookAround">What to try next, a line each.</param>
internal sealed record DemoTarget(
    Uri Ingest, Uri Consent, Dictionary<string, string> Kafka, PostgresUrl Database, string WriteKey, string? ApiKey, string PseudonymKey, string StateFolder, IReadOnlyList<string> LookAround)
{
    private const string PseudonymKeyVariable = "Privacy__PseudonymKey";

    /// <summary>Starts the local copy unless it runs.</summary>
    public static async Task<DemoTarget> StartAsync(DemoOptions options, CancellationToken cancellation)
    {
        var settings = await UpCommand.EnsureUpAsync(
            PlatformSettings.Resolve(options.Home, options.PortBase, options.NoDashboard ? false : null), cancellation);
        var keys = PlatformKeys.LoadOrCreate(settings.Paths);
        var addresses = new PlatformAddresses(settings, keys, Catalogue.Load());
        return new DemoTarget(
            new Uri(addresses.Service("ingest")),
            new Uri(addresses.Service("consent")),
            addresses.KafkaClient(),
            await EnvCommand.DatabaseAsync(settings, addresses, keys, cancellation),
            PlatformAddresses.SampleWriteKey,
            keys.ApiKey,
            keys.PseudonymKey,
            Path.Combine(settings.Home, "replay"),
            [.. NextSteps(settings, addresses)]);
    }

    /// <summary>Starts nothing: every address comes from the environment.</summary>
    /// <exception cref="CliException">A variable is missing or makes no sense.</exception>
    public static DemoTarget FromEnvironment(DemoOptions options)
    {
        try
        {
            return new DemoTarget(
                new Uri(Required("INGEST_URL")),
                new Uri(Required("CONSENT_URL")),
                ServerClients.Kafka(Required("KAFKA_BOOTSTRAP"), isOwn: false),
                PostgresUrl.Parse(Required("DATABASE_URL")),
                Environment.GetEnvironmentVariable("INGEST_WRITE_KEY") ?? PlatformAddresses.SampleWriteKey,
                Environment.GetEnvironmentVariable("COMMERCE_API_KEY"),
                Required(PseudonymKeyVariable),
                Path.Combine(options.Wanted().Home, "replay"),
                []);
        }
        catch (FormatException invalid)
        {
            throw CliException.Usage($"INGEST_URL, CONSENT_URL or DATABASE_URL: {invalid.Message}");
        }
    }

    private static IEnumerable<string> NextSteps(PlatformSettings settings, PlatformAddresses addresses)
    {
        if (settings.Dashboard && DashboardFolder.Path is not null)
            yield return $"{addresses.Dashboard}  traces, metrics and logs of every service";
        yield return "eval \"$(./commerce env)\" && psql \"$DATABASE_URL\" -c 'select * from agg_weekly_trends'";
        yield return "./commerce replay online-retail FILE   half a million order lines of a real shop; then ./commerce verify online-retail FILE";
        yield return "./commerce status, logs, down   docs/ARCHITECTURE.md   samples/shop/README.md";
    }

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw CliException.Usage($"{variable} is not set.");
}
