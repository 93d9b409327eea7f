using System.ComponentModel;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.DeadLetters;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>Options of `commerce dlq replay`.</summary>
public sealed class ReplayLettersOptions : PipelineLetterOptions
{
    [CommandOption("--dry-run")]
    [Description("Say what would be given back, in which order, and whether today's schemas read it. Nothing is changed.")]
    public bool DryRun { get; init; }

    [CommandOption("--limit <N>")]
    [Description("Most letters to give back. Default 100000.")]
    [DefaultValue(WaitingLetters.LettersMax)]
    public int Limit { get; init; } = WaitingLetters.LettersMax;

    [CommandOption("--wait <SECONDS>")]
    [Description("How long the pipeline may take for what it is given. Default 60.")]
    [DefaultValue(60)]
    public int WaitSeconds { get; init; } = 60;
}

/// <summary>Letters go back to their pipeline.</summary>
internal sealed class ReplayLettersCommand : AsyncCommand<ReplayLettersOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ReplayLettersOptions options, CancellationToken cancellationToken)
    {
        var topics = LetterOptions.TopicsOf(options.Pipeline);
        var connection = options.Connect();
        using var registry = connection.Registry;
        if (options.DryRun)
            return await RehearseAsync(connection, topics, options, cancellationToken);
        var replay = new LetterReplay(connection, topics, TimeProvider.System) { TakenMax = TimeSpan.FromSeconds(options.WaitSeconds) };
        var outcome = await replay.RunAsync(options.Filter, options.Limit, cancellationToken);
        foreach (var line in outcome.Stuck)
            Screen.Out.WriteLine($"{Screen.Harmless(line.Key)} still waits at letter {line.Place.Next} of {line.Place.Last}: {Why(line)}");
        if (!outcome.IsTaken)
            throw new CliException($"{options.Pipeline} has not taken everything within {options.WaitSeconds} s: it will when it runs. Giving the same letters back again does no harm.");
        Screen.Out.WriteLine($"{outcome.Done} letters done, {outcome.Freed} keys or letters free, {outcome.Stuck.Count} still wait.");
        return outcome.Stuck.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static string Why(WaitingLine line)
    {
        if (line.Letters.Count == 0)
            return "the topic no longer has the letter; `dlq skip` passes over it";
        var letter = line.Letters[0].Letter;
        return letter.CannotBeRetried ?? $"{line.Place.Reason} {letter.Error}, tried {line.Place.Attempts} times".Replace(" ,", ",", StringComparison.Ordinal);
    }

    private static async Task<int> RehearseAsync(LetterConnection connection, LetterTopics topics, ReplayLettersOptions options, CancellationToken cancellation)
    {
        var values = new LetterValues(connection.Registry, SealingKey.TryLoad(options));
        var (letters, faults) = (0, 0);
        foreach (var line in new WaitingLetters(connection, topics).Read(options.Filter, cancellation))
        {
            if (letters >= options.Limit)
                break;
            Screen.Out.WriteLine($"{Screen.Harmless(line.Key)}: {line.Count} {(line.IsParked ? "in line, parked" : "to be taken in any order,")} since {line.Place.Since:yyyy-MM-dd HH:mm:ss}Z");
            foreach (var waiting in line.Letters.Take(options.Limit - letters))
            {
                var letter = waiting.Letter;
                var fault = letter.CannotBeRetried ?? (await values.ReadAsync(letter)).Fault;
                Screen.Out.WriteLine(
                    $"  {letter.Number}. {letter.Topic} [{letter.Partition}] {letter.Offset}: {letter.Reason} {letter.Error} → {(fault is null ? "can be read" : "cannot be read: " + fault)}");
                letters++;
                faults += fault is null ? 0 : 1;
            }

            if (line.Missing is { } missing)
                Screen.Out.WriteLine($"  {missing}. is no longer in {topics.Letters.Name}: the line ends here, unless it is skipped");
        }

        Screen.Out.WriteLine($"{letters} letters would be given back, {faults} of them cannot be read. Nothing was changed.");
        return ExitCodes.Ok;
    }
}
