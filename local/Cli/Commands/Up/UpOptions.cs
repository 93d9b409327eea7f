using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Up;

public sealed class UpOptions : PlatformOptions
{
    [CommandOption("--no-dashboard")]
    [Description("Run without the Aspire dashboard: saves about 150 MB and the cost of telemetry. Also COMMERCE_DASHBOARD=off.")]
    public bool NoDashboard { get; init; }
}
