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
    [Description("How many letters of the key, from the one whose turn it is. Default 1.")]
    [DefaultValue(1)]
    public int Count { get; init; } = 1;
}

/// <summary>A letter that nobody can repair is passed over.</summary>
internal sealed class SkipLettersCommand : AsyncCommand<SkipLettersOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, SkipLettersOptions options, CancellationToken cancellationToken)
    {
        if (options.Key is null)
            throw CliException.Usage("--key is missing: `dlq skip` passes over letters of one key.");
        if (options.Count < 1)
            throw CliException.Usage("--count must be above 0.");
        var topics = LetterOptions.TopicsOf(options.Pipeline);
        var connection = options.Connect();
        using var registry = connection.Registry;
        var line = new WaitingLetters(connection, topics).Read(options.Filter, cancellationToken).FirstOrDefault()
            ?? throw new CliException($"No letter of {options.Pipeline} with the key {options.Key} waits.");
        var count = (int)Math.Min(options.Count, line.Count);
        if (!await new LetterReplay(connection, topics, TimeProvider.System).SkipAsync(line, count, cancellationToken))
            throw new CliException($"{options.Pipeline} has not taken the order: it will when it runs.");
        Screen.Out.WriteLine($"{Screen.Harmless(line.Key)}: passed over letter {line.Place.Next}{(count > 1 ? $" to {line.Place.Next + count - 1}" : "")} of {line.Place.Last}.");
        return ExitCodes.Ok;
    }
}
