using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

public sealed class StatusOptions : PlatformOptions
{
    [CommandOption("--json")]
    [Description("Print one JSON object instead of a table.")]
    public bool Json { get; init; }
}
