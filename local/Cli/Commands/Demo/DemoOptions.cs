using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Demo;

public sealed class DemoOptions : PlatformOptions
{
    [CommandOption("--no-dashboard")]
    [Description("Run without the Aspire dashboard.")]
    public bool NoDashboard { get; init; }

    [CommandOption("--attach")]
    [Description("Start nothing: use the platform at INGEST_URL, CONSENT_URL, KAFKA_BOOTSTRAP and DATABASE_URL, whose pseudonyms are made with Privacy__PseudonymKey.")]
    public bool Attach { get; init; }

    [CommandOption("--timeout <SECONDS>")]
    [Description("How long to wait until the pipelines have worked off the sample. Default 300.")]
    [DefaultValue(300)]
    public int TimeoutSeconds { get; init; } = 300;

    [CommandOption("--regenerate")]
    [Description("Only write samples/shop again from its generator, and stop.")]
    public bool Regenerate { get; init; }

    [CommandOption("--json")]
    [Description("Print the comparison with the truth as JSON.")]
    public bool Json { get; init; }
}
