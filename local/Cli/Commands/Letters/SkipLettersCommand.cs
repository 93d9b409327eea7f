using System.ComponentModel;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.DeadLetters;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>Options of `commerce dlq skip`.</summary>
public sealed class SkipLettersOptions : PipelineLetterOptions
{
    [CommandOption("--count <N>")]
    [Description("How many letters, from those whose turn it is. Default 1.")]
    [DefaultValue(1)]
    public int Count { get; init; } = 1;
}

/// <summary>A letter that nobody can repair is passed over.</summary>
internal sealed class SkipLettersCommand : AsyncCommand<SkipLettersOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, SkipLettersOptions options, CancellationToken cancellationToken)
    {
        if (options.Filter is { Key: null, Topic: null, Reason: null })
            throw CliException.Usage("Say which: --key, --topic or --reason. What is passed over is lost.");
        if (options.Count < 1)
            throw CliException.Usage("--count must be above 0.");
        var topics = LetterOptions.TopicsOf(options.Pipeline);
        var connection = options.Connect();
        using var registry = connection.Registry;
        var chosen = Choose(new WaitingLetters(connection, topics).Read(options.Filter, cancellationToken), options);
        if (chosen.Count == 0)
            throw new CliException($"No such letter of {options.Pipeline} waits.");
        if (!await new LetterReplay(connection, topics, TimeProvider.System).SkipAsync(chosen, cancellationToken))
            throw new CliException($"{options.Pipeline} has not taken the order: it will when it runs.");
        foreach (var (line, count) in chosen)
            Screen.Out.WriteLine($"{Screen.Harmless(line.Key)}: passed over letter {line.Place.Next}{(count > 1 ? $" to {line.Place.Next + count - 1}" : "")} of {line.Place.Last}.");
        return ExitCodes.Ok;
    }

    /// <summary>
    /// A pipeline that gives letters back in any order has a line for each letter, so the letters of one key are in several. Topic and reason
    /// are those of a line's first letter; what stands behind it may be good, and is passed over only when its key was named.
    /// </summary>
    internal static List<(WaitingLine Line, int Count)> Choose(IEnumerable<WaitingLine> lines, SkipLettersOptions options)
    {
        var chosen = new List<(WaitingLine Line, int Count)>();
        var left = (long)options.Count;
        foreach (var line in lines)
        {
            var count = (int)Math.Min(left, options.Key is null ? 1 : line.Count);
            if (count == 0)
                break;
            chosen.Add((line, count));
            left -= count;
        }

        return chosen;
    }
}
