using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Connections to the warehouse.</summary>
internal static class WarehouseDatabase
{
    /// <summary>Statements of a batch that the server keeps parsed, per connection.</summary>
    private const int PreparedStatementsMax = 64;

    // Every statement of the sink looks rows up by key. Plans are made for the batch at hand, and tables that grow from nothing within a
    // minute have no statistics yet: without these settings they would be scanned and sorted whole for every batch.
    private const string SessionSettings =
        "-c plan_cache_mode=force_custom_plan -c jit=off -c enable_seqscan=off -c enable_mergejoin=off -c random_page_cost=1.1";

    public static NpgsqlDataSource Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "commerce.warehouse",
            MaxAutoPrepare = PreparedStatementsMax,
            AutoPrepareMinUsages = 2,
        };
        settings.Options = string.Join(' ', new[] { settings.Options, SessionSettings }.Where(part => !string.IsNullOrEmpty(part)));
        return NpgsqlDataSource.Create(settings);
    }

    public static NpgsqlDataSource Open(IServiceProvider services) =>
        Open(services.GetRequiredService<IOptions<PostgresOptions>>().Value.ToConnectionString());
}
