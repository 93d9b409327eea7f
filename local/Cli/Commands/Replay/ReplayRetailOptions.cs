using System.ComponentModel;
using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.OnlineRetail;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Replay;

public sealed class ReplayRetailOptions : PlatformOptions
{
    [CommandArgument(0, "<FILE>")]
    [Description("The data set, .csv or .csv.gz: InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country.")]
    public string File { get; init; } = "";

    [CommandOption("--speed <SPEED>")]
    [Description("max, or how many times faster than it happened: 3600x plays an hour in a second. Default max.")]
    [DefaultValue("max")]
    public string Speed { get; init; } = "max";

    [CommandOption("--url <URL>")]
    [Description("Address of the collection API. Default INGEST_URL, else the local platform.")]
    public string? Url { get; init; }

    [CommandOption("--write-key <KEY>")]
    [Description("Write key of the source. Default wk_online_retail, the key that ingest is configured with.")]
    [DefaultValue(DefaultWriteKey)]
    public string WriteKey { get; init; } = DefaultWriteKey;

    [CommandOption("--seed <SEED>")]
    [Description("Seed of what is made up: visits, devices, consent.")]
    [DefaultValue(RetailOptions.DefaultSeed)]
    public int Seed { get; init; } = RetailOptions.DefaultSeed;

    [CommandOption("--no-touches")]
    [Description("Do not make up visits before orders.")]
    public bool NoTouches { get; init; }

    [CommandOption("--restart")]
    [Description("Send everything again, also when an earlier run was interrupted. What has arrived is recognised and counts once.")]
    public bool Restart { get; init; }

    [CommandOption("--state-dir <DIR>")]
    [Description("Where the position of an interrupted run is kept. Default replay/ in the state folder.")]
    public string? StateDirectory { get; init; }

    public const string DefaultWriteKey = "wk_online_retail";

    internal RetailOptions Retail => new() { Seed = Seed, WithTouches = !NoTouches };

    /// <exception cref="CliException">It is neither max nor a factor.</exception>
    internal double? SpeedFactor()
    {
        if (Speed == "max")
            return null;
        return double.TryParse(Speed.TrimEnd('x', 'X'), NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor > 0
            ? factor
            : throw CliException.Usage($"--speed is '{Speed}': expected max or a factor such as 3600x.");
    }
}
