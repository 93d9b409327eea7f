using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.WarehouseAudit;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Audit;

/// <summary><c>warehouse audit</c>: checks that the tables agree with each other, and ends. For a nightly job; it writes nothing.</summary>
internal static class AuditCommand
{
    private const int Failed = 1;
    private const int DoesNotAgree = 3;
    private const int InvalidConfiguration = 78;

    /// <returns>0; 3 when something does not agree; 78 when a setting makes no sense; 1 when the database did not answer.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var postgres = configuration.GetSection(PostgresOptions.Section).Get<PostgresOptions>() ?? new PostgresOptions();
        var options = configuration.GetSection(AuditOptions.Section).Get<AuditOptions>() ?? new AuditOptions();
        var faults = Faults(postgres).Concat(Faults(options)).ToList();
        if (faults.Count > 0)
        {
            faults.ForEach(errors.WriteLine);
            return InvalidConfiguration;
        }

        try
        {
            var wrong = await AuditAsync(postgres.ToConnectionString(), options, output, cancellation);
            if (!await AuditMetrics.ExportAsync(configuration, options.Instance, wrong, TimeProvider.System, cancellation))
                await errors.WriteLineAsync("The collector did not take the result: no alert knows of it.");
            return wrong.Values.Any(count => count > 0) ? DoesNotAgree : 0;
        }
        catch (NpgsqlException failure)
        {
            await errors.WriteLineAsync($"{failure.Message} {failure.InnerException?.Message}".TrimEnd());
            return Failed;
        }
    }

    /// <returns>Number of cases that are wrong, by check.</returns>
    private static async Task<Dictionary<string, long>> AuditAsync(string connectionString, AuditOptions options, TextWriter output, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "commerce.warehouse.audit", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        var wrong = new Dictionary<string, long>(StringComparer.Ordinal);
        var scope = new AuditScope(Platform: null, TimeSpan.FromMinutes(options.SettleMinutes));
        await foreach (var found in TableAudit.RunAsync(connection, scope, options.CheckSecondsMax, cancellation))
        {
            wrong[found.Check] = found.Wrong;
            await output.WriteLineAsync(found.Wrong == 0 ? $"ok     {found.Says}: {found.Cases} agree" : $"WRONG  {found.Says}: {found.Wrong} of {found.Cases} do not");
            if (options.Show)
            {
                foreach (var each in found.First)
                    await output.WriteLineAsync($"         {each}");
            }
        }

        return wrong;
    }

    private static IEnumerable<string> Faults(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => result.ErrorMessage ?? "A setting makes no sense");
    }
}
