using System.ComponentModel;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Options of every command that works on a copy of the platform.</summary>
public class PlatformOptions : CommandSettings
{
    [CommandOption("--home <DIR>")]
    [Description("State folder: data, logs, keys. Default .commerce in the checkout, or COMMERCE_HOME.")]
    public string? Home { get; init; }

    [CommandOption("--port-base <PORT>")]
    [Description("First port of the block of 100 that this copy uses. Default 17000, or COMMERCE_PORT_BASE.")]
    public int? PortBase { get; init; }

    /// <summary>What the user asked for.</summary>
    public PlatformSettings Wanted() => PlatformSettings.Resolve(Home, PortBase);

    /// <summary>What the running copy uses; what the user asked for when none runs.</summary>
    public PlatformSettings Effective()
    {
        var wanted = Wanted();
        return PlatformState.LoadLive(wanted.Paths)?.Settings ?? wanted;
    }
}
