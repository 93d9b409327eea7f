using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision.Probes;
using Commerce.Streaming.LocalPostgres;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>The right question for each kind of process.</summary>
internal sealed class ProbeFactory(PlatformSettings settings, PlatformAddresses addresses, PlatformKeys keys) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    public IHealthProbe For(CatalogueEntry entry) => entry.Kind switch
    {
        ProcessKind.Broker => new AllProbes([.. BrokerProbes(entry)]),
        ProcessKind.Cache => new RedisProbe(Port(entry, "redis")),
        ProcessKind.Postgres => new PostgresLiveProbe(Port(entry, "postgres")),
        ProcessKind.Dashboard => new HttpProbe(_http, addresses.Dashboard, liveUrl: null),
        _ => new HttpProbe(_http, Url(entry, entry.ReadyPath), Url(entry, entry.LivePath)),
    };

    /// <summary>What must happen after each start before others may use the process.</summary>
    public Func<Task, CancellationToken, Task> PreparationFor(CatalogueEntry entry) =>
        entry.Kind is ProcessKind.Postgres ? PreparePostgresAsync : (_, _) => Task.CompletedTask;

    public void Dispose() => _http.Dispose();

    private async Task PreparePostgresAsync(Task exited, CancellationToken cancellation)
    {
        var admin = addresses.PostgresAdmin.ToConnectionString();
        if (await PostgresProbe.WaitAsync(admin, exited, cancellation))
            await PostgresRoles.EnsureAsync(admin, addresses.PostgresOwner.Database, keys.Postgres, cancellation);
    }

    private IEnumerable<IHealthProbe> BrokerProbes(CatalogueEntry entry)
    {
        if (settings.Kafka is null)
            yield return new KafkaProbe(Port(entry, "kafka"));
        if (settings.Registry is null)
            yield return new HttpProbe(_http, addresses.SchemaRegistry + "/subjects", liveUrl: null);
    }

    private int Port(CatalogueEntry entry, string purpose) => settings.Ports.At(entry.Ports[purpose]);

    private string Url(CatalogueEntry entry, string path) => settings.Ports.Url(entry.Ports["http"]) + path;
}
