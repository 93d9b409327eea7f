using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Up;

public sealed class UpOptions : PlatformOptions
{
    [CommandOption("--no-dashboard")]
    [Description("Run without the Aspire dashboard: saves about 150 MB and the cost of telemetry. Also COMMERCE_DASHBOARD=off.")]
    public bool NoDashboard { get; init; }

    [CommandOption("--partitions-multiple <N>")]
    [Description("So many times the partitions of schemas/topics.json, 1 to 64; of data that are there, what they have. Default 1, or COMMERCE_PARTITIONS_MULTIPLE.")]
    public int? PartitionsMultiple { get; init; }
}
