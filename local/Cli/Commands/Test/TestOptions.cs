using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Test;

public sealed class TestOptions : CommandSettings
{
    [CommandArgument(0, "[NAME]")]
    [Description("Run only the test projects whose name contains this.")]
    public string? Name { get; init; }
}
