using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalPostgres;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>How each entry of the catalogue is started with these settings.</summary>
internal sealed class ProcessCommands(PlatformSettings settings, PlatformAddresses addresses, PlatformKeys keys, PostgresCluster? postgres)
{
    /// <summary>The runtime that runs us also runs the services.</summary>
    private static readonly string Dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    public ChildCommand For(CatalogueEntry entry)
    {
        var command = entry.Kind switch
        {
            ProcessKind.Broker => Own(["broker", .. BrokerArguments(entry)]) with { Environment = LongRunning },
            ProcessKind.Cache => Built(entry, "--port", Port(entry, "redis")),
            ProcessKind.Postgres => postgres!.Command("127.0.0.1", settings.Ports.At(entry.Ports["postgres"]), throwaway: false, logFile: null),
            ProcessKind.Dashboard => Dashboard(entry),
            _ => entry.Assembly is null ? Own([.. entry.Arguments]) : Built(entry, [.. entry.Arguments]),
        };
        var environment = ServiceEnvironment(entry);
        foreach (var (name, value) in command.Environment)
            environment[name] = value;
        return command with { LogFile = settings.Paths.LogOf(entry.Name), Environment = environment };
    }

    /// <summary>Where the build puts a project's binary.</summary>
    public static string AssemblyPath(string assembly) =>
        Path.Combine(PlatformPaths.Root, "artifacts", "bin", assembly, BuildFlavour, assembly + ".dll");

    /// <summary>We start what was built with us: `release` from the script, `debug` from an IDE.</summary>
    private static string BuildFlavour { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) is "debug" ? "debug" : "release";

    /// <summary>Our own binary is built for short commands; the broker runs for days.</summary>
    private static readonly Dictionary<string, string?> LongRunning = new() { ["DOTNET_TieredPGO"] = "1", ["DOTNET_gcConcurrent"] = "1" };

    /// <summary>Write keys for this machine; no service brings any.</summary>
    private static string SourcesFile { get; } = Path.Combine(PlatformPaths.Root, "local", "sources.json");

    private static ChildCommand Own(string[] arguments) => new(Dotnet, [typeof(ProcessCommands).Assembly.Location, .. arguments]);

    private static ChildCommand Built(CatalogueEntry entry, params string[] arguments)
    {
        var path = AssemblyPath(entry.Assembly!);
        return File.Exists(path)
            ? new ChildCommand(Dotnet, [path, .. arguments]) { WorkingDirectory = Path.GetDirectoryName(path) }
            : throw new CliException($"{entry.Name} is not built: {path} is missing. Run: dotnet build Commerce.Streaming.sln -c Release");
    }

    private string[] BrokerArguments(CatalogueEntry entry) =>
    [
        "--dir", settings.Home,
        .. settings.Kafka is null ? new[] { "--port", Port(entry, "kafka") } : ["--no-kafka"],
        .. settings.Registry is null ? new[] { "--registry-port", Port(entry, "registry") } : ["--no-registry"],
    ];

    private ChildCommand Dashboard(CatalogueEntry entry) => new(DashboardFolder.Program, [])
    {
        WorkingDirectory = DashboardFolder.Path,
        Environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = addresses.Dashboard,
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = addresses.OtlpGrpc,
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = addresses.OtlpHttp,
            ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["Dashboard__TelemetryLimits__MaxLogCount"] = "5000",
            ["Dashboard__TelemetryLimits__MaxTraceCount"] = "5000",
            ["Dashboard__TelemetryLimits__MaxMetricsCount"] = "20000",
        },
    };

    private Dictionary<string, string?> ServiceEnvironment(CatalogueEntry entry)
    {
        var variables = new Dictionary<string, string?>
        {
            // Every process shares this machine: a small heap is worth more than the last percent of throughput.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_NOLOGO"] = "1",
            ["ASPNETCORE_URLS"] = entry.Ports.TryGetValue("http", out var offset) ? settings.Ports.Url(offset) : null,
            [PlatformSettings.OtlpVariable] = entry.Kind is ProcessKind.Service ? addresses.Otlp : null,
        };
        if (entry.Kind is ProcessKind.Service)
        {
            variables["ApiAccess__Keys__local__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keys.ApiKey)));
            variables["ApiAccess__Keys__local__Scopes__0"] = "*";
        }

        foreach (var need in entry.Needs)
            Add(variables, need);
        return variables;
    }

    private void Add(Dictionary<string, string?> variables, Need need)
    {
        switch (need)
        {
            case Need.Kafka:
                if (settings.Kafka is null)
                    InheritedSettings.Remove(variables, "Kafka");
                if (settings.Registry is null)
                    InheritedSettings.Remove(variables, "SchemaRegistry");
                variables["Kafka__BootstrapServers"] = addresses.Kafka;
                variables["Kafka__PartitionsMultiple"] = settings.PartitionsMultiple.ToString(CultureInfo.InvariantCulture);
                variables["SchemaRegistry__Url"] = addresses.SchemaRegistry;
                // A killed worker that comes back under its own name takes its partitions at once, instead of waiting out its session.
                // The port base tells two copies on one Kafka apart.
                variables["Processing__InstanceId"] = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{settings.PortBase}");
                break;
            case Need.Redis:
                if (settings.Redis is null)
                    InheritedSettings.Remove(variables, "Redis");
                variables["Redis__Url"] = addresses.Redis;
                break;
            case Need.Postgres:
                if (settings.Postgres is null)
                    InheritedSettings.Remove(variables, "Postgres");
                variables["Postgres__Url"] = addresses.PostgresOwner.ToString();
                break;
            case Need.Privacy:
                variables["Privacy__PseudonymKey"] = keys.PseudonymKey;
                variables["Privacy__SealingKey"] = keys.SealingKey;
                break;
            case Need.Sealing:
                variables["Privacy__SealingKey"] = keys.SealingKey;
                break;
            case Need.Sources:
                variables["Ingest__SourcesFile"] = SourcesFile;
                break;
        }
    }

    private string Port(CatalogueEntry entry, string purpose) => settings.Ports.At(entry.Ports[purpose]).ToString(CultureInfo.InvariantCulture);
}
