using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Deployment;

public sealed class ImagesOptions : CommandSettings
{
    [CommandArgument(0, "[SERVICE]")]
    [Description("Only this image, such as ingest. Default: all.")]
    public string? Service { get; init; }

    [CommandOption("--registry <PREFIX>")]
    [Description("What comes before commerce-streaming/, such as ghcr.io/acme.")]
    [DefaultValue("")]
    public string Registry { get; init; } = "";

    [CommandOption("--tag <TAG>")]
    [Description("Tag of the images. Default: this version.")]
    public string? Tag { get; init; }

    [CommandOption("--push")]
    [Description("Push each image after it is built.")]
    public bool Push { get; init; }

    public override ValidationResult Validate() => Push && Registry.Length == 0
        ? ValidationResult.Error("--push needs --registry.")
        : ValidationResult.Success();
}
