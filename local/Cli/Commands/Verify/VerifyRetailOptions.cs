using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Verify;

public sealed class VerifyRetailOptions : PlatformOptions
{
    [CommandArgument(0, "<FILE>")]
    [Description("The data set that was replayed, .csv or .csv.gz.")]
    public string File { get; init; } = "";

    [CommandOption("--timeout <SECONDS>")]
    [Description("How long to wait until the pipelines have worked off what was accepted. Default 600.")]
    [DefaultValue(600)]
    public int TimeoutSeconds { get; init; } = 600;

    [CommandOption("--no-wait")]
    [Description("Compare at once, without asking Kafka whether the pipelines are done.")]
    public bool NoWait { get; init; }

    [CommandOption("--platform <NAME>")]
    [Description("Platform of the source that it was sent as. Default online-retail.")]
    [DefaultValue("online-retail")]
    public string Platform { get; init; } = "online-retail";

    [CommandOption("--database <URL>")]
    [Description("libpq URL of the warehouse. Default DATABASE_URL, else the local platform.")]
    public string? Database { get; init; }

    [CommandOption("--json")]
    [Description("Print JSON.")]
    public bool Json { get; init; }
}
