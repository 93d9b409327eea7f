using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

public sealed class SimulateOptions : CommandSettings
{
    [CommandOption("--seeds <N>")]
    [Description("How many seeds to run.")]
    [DefaultValue(1_000)]
    public int Seeds { get; init; }

    [CommandOption("--from <SEED>")]
    [Description("The first seed.")]
    [DefaultValue(1)]
    public int From { get; init; }

    [CommandOption("--trace")]
    [Description("Print every event of the (one) seed.")]
    public bool Trace { get; init; }

    public override ValidationResult Validate()
    {
        if (Seeds < 1 || From < 0)
            return ValidationResult.Error("--seeds is at least 1 and --from not negative.");
        return Trace && Seeds > 1 ? ValidationResult.Error("--trace wants one seed: --seeds 1.") : ValidationResult.Success();
    }
}
