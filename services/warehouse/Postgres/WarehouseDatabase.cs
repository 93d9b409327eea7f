using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Connections to the warehouse.</summary>
internal static class WarehouseDatabase
{
    /// <summary>Statements of a batch that the server keeps parsed, per connection.</summary>
    private const int PreparedStatementsMax = 64;

    // Plans are made for the batch at hand: one made while the tables were empty would scan them when they are large.
    private const string SessionSettings = "-c plan_cache_mode=force_custom_plan -c jit=off";

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
