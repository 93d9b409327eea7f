using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Deployment;

public sealed class GeneratedOptions : CommandSettings
{
    [CommandOption("--check")]
    [Description("Write nothing; exit code 1 when a file is not as it should be.")]
    public bool Check { get; init; }
}
