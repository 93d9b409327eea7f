using System.ComponentModel;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Options of `commerce unseal`.</summary>
internal sealed class UnsealOptions : PlatformOptions
{
    [CommandOption("--topic <TOPIC>")]
    [Description("Open what a dead letter topic (commerce.….dlq.v1) or the quarantine topic holds, one JSON line a record. Without it: base64 or hex lines from standard input")]
    public string? Topic { get; init; }
}
