using System.ComponentModel;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalProcess;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Runs the warehouse's audit, the nightly job of the chart, on the copy's database.</summary>
internal sealed class AuditCommand : AsyncCommand<AuditOptions>
{
    private const string Warehouse = "warehouse";

    public override async Task<int> ExecuteAsync(CommandContext context, AuditOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Effective();
        var addresses = new PlatformAddresses(settings, PlatformKeys.LoadOrCreate(settings.Paths), Catalogue.Load());
        var assembly = Catalogue.Load().Processes.Single(entry => entry.Name == Warehouse).Assembly!;
        var environment = new Dictionary<string, string?>();
        if (settings.Postgres is null)
            InheritedSettings.Remove(environment, "Postgres");
        environment["Postgres__Url"] = addresses.PostgresOwner.ToString();
        environment["Audit__Show"] = options.Show ? "true" : "false";
        // The dashboard of a copy that does not run takes nothing.
        environment[PlatformSettings.OtlpVariable] = PlatformState.LoadLive(settings.Paths) is null ? settings.Otlp : addresses.Otlp;
        return await ChildProcesses.RunAsync(
            new ChildCommand("dotnet", [ProcessCommands.AssemblyPath(assembly), "audit"]) { Environment = environment }, cancellationToken);
    }
}

/// <summary>Options of `commerce audit`.</summary>
internal sealed class AuditOptions : PlatformOptions
{
    [CommandOption("--show")]
    [Description("Print the first five cases of what is wrong; they name orders and customers.")]
    public bool Show { get; init; }
}
