using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Commands.Replay;
using Commerce.Streaming.OnlineRetail;
using Commerce.Streaming.OnlineRetail.Truth;
using Commerce.Streaming.Verification;
using Commerce.Streaming.Verification.Drain;
using Commerce.Streaming.Verification.Retail;
using Npgsql;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Verify;

/// <summary>Compares the warehouse with what the data set itself says.</summary>
internal sealed class VerifyRetailCommand : AsyncCommand<VerifyRetailOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, VerifyRetailOptions options, CancellationToken cancellationToken)
    {
        var endpoints = new Endpoints(options);
        Screen.Error.WriteLine($"Reading {options.File}");
        // The truth comes from the rows alone, by a reader of its own; the plan only says what the replay adds to the file.
        var truth = RetailInput.Read(options.File, TruthReader.Read);
        var extras = RetailExtras.Of(RetailPlan.For(RetailInput.Read(options.File, RetailFile.Read), new RetailOptions { WithTouches = false }));
        await using var database = NpgsqlDataSource.Create((await endpoints.WarehouseAsync(options.Database, cancellationToken)).ToConnectionString());

        var checks = new List<Check>();
        if (!options.NoWait)
            checks.AddRange(await DrainScreen.WaitAsync(endpoints.KafkaClient(), database, TimeSpan.FromSeconds(options.TimeoutSeconds), cancellationToken));
        Screen.Error.WriteLine("Comparing");
        checks.AddRange(await RetailVerification.RunAsync(database, options.Platform, truth, extras, cancellationToken));
        CheckReport.Write($"{Path.GetFileName(options.File)} and the warehouse", checks, options.Json);
        return checks.TrueForAll(check => check.Passed) ? ExitCodes.Ok : ExitCodes.Failure;
    }
}
