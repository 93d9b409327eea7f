using System.ComponentModel;
using Commerce.Streaming.ServiceDefaults;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Deployment;

public class GeneratedOptions : CommandSettings
{
    [CommandOption("--check")]
    [Description("Write nothing; exit code 1 when a file is not as it should be.")]
    public bool Check { get; init; }
}

public sealed class TopicsOptions : GeneratedOptions
{
    [CommandOption("--partitions-multiple <N>")]
    [Description("So many times the partitions of schemas/topics.json, 1 to 64: the chart's kafka.partitionsMultiple.")]
    [DefaultValue(1)]
    public int PartitionsMultiple { get; init; } = 1;

    public override ValidationResult Validate() => PartitionsMultiple is >= 1 and <= KafkaOptions.PartitionsMultipleMax
        ? ValidationResult.Success()
        : ValidationResult.Error($"--partitions-multiple must be 1 to {KafkaOptions.PartitionsMultipleMax}.");
}
