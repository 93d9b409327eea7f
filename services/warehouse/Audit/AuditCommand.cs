using System.ComponentModel.DataAnnotations;
using System.Data;
using Commerce.Streaming.ServiceDefaults;
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
            AuditMetrics.Export(configuration, wrong);
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
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "commerce.warehouse.audit", CommandTimeout = options.CheckSecondsMax, SearchPath = "warehouse", Pooling = false,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        // One snapshot for all: the sink goes on meanwhile.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using (var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection, snapshot))
            await readOnly.ExecuteNonQueryAsync(cancellation);
        var wrong = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, says, sql) in AuditChecks.All)
        {
            await using var command = new NpgsqlCommand(sql.Replace("@settled", "now() - make_interval(mins => @minutes)", StringComparison.Ordinal), connection, snapshot);
            if (command.CommandText.Contains("@minutes", StringComparison.Ordinal))
                command.Parameters.AddWithValue("minutes", options.SettleMinutes);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            var (cases, count) = (row.GetInt64(0), row.GetInt64(1));
            wrong[name] = count;
            await output.WriteLineAsync(count == 0 ? $"ok     {says}: {cases} agree" : $"WRONG  {says}: {count} of {cases} do not");
            if (options.Show && !row.IsDBNull(2))
            {
                foreach (var each in row.GetFieldValue<string[]>(2))
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
