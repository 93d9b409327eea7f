using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.DeadLetters;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>Options of `commerce dlq list`.</summary>
public sealed class ListLettersOptions : LetterOptions
{
    [CommandArgument(0, "[PIPELINE]")]
    [Description("Show the waiting keys of this pipeline. Without it: every pipeline in one line.")]
    public string? Pipeline { get; init; }

    [CommandOption("--limit <N>")]
    [Description("Most keys to show. Default 50.")]
    [DefaultValue(50)]
    public int Limit { get; init; } = 50;

    [CommandOption("--json")]
    [Description("One JSON line each instead of a table.")]
    public bool Json { get; init; }
}

/// <summary>What waits.</summary>
internal sealed class ListLettersCommand : Command<ListLettersOptions>
{
    public override int Execute(CommandContext context, ListLettersOptions options, CancellationToken cancellationToken)
    {
        var connection = options.Connect();
        using var registry = connection.Registry;
        var rows = options.Pipeline is { } pipeline
            ? Keys(connection, LetterOptions.TopicsOf(pipeline), options, cancellationToken)
            : LetterTopics.Of(Topics.All).Select(topics => Summary(connection, topics, cancellationToken)).ToList();
        if (options.Json)
            rows.ForEach(row => Console.Out.WriteLine(JsonSerializer.Serialize(row.ToDictionary(cell => cell.Name, cell => cell.Value))));
        else if (rows.Count == 0)
            Screen.Out.WriteLine("Nothing waits.");
        else
            Write(rows);
        return ExitCodes.Ok;
    }

    private static List<List<(string Name, object? Value)>> Keys(
        LetterConnection connection, LetterTopics topics, ListLettersOptions options, CancellationToken cancellation) =>
    [
        .. new WaitingLetters(connection, topics).Read(options.Filter, cancellation).Take(options.Limit).Select(line => new List<(string, object?)>
        {
            ("key", line.Key), ("since", line.Place.Since), ("letters", line.Count), ("reason", line.Place.Reason), ("attempts", line.Place.Attempts),
            ("first", line.Letters.Count > 0 ? line.Letters[0].Letter.Error : ""), ("line", line.Place.Line), ("next", line.Place.Next),
            ("gone", line.Missing is { } missing ? $"{missing}" : ""),
        }),
    ];

    private static List<(string Name, object? Value)> Summary(LetterConnection connection, LetterTopics topics, CancellationToken cancellation)
    {
        var (letters, final) = (0L, 0L);
        var reader = new WaitingLetters(connection, topics);
        reader.ReadEvery(letter =>
        {
            letters++;
            final += letter.Letter.Line is null ? 1 : 0;
        }, cancellation);
        var places = topics.Parked is null ? null : reader.Places(cancellation);
        return
        [
            ("pipeline", topics.Pipeline), ("letters", letters), ("final", final),
            ("waiting", places?.Values.Sum(place => place.Last - place.Next + 1)),
            ("parked keys", places?.Count(place => place.Key.Id != place.Value.Line)),
            ("oldest", places is { Count: > 0 } ? places.Values.Min(place => place.Since) : null),
        ];
    }

    private static void Write(List<List<(string Name, object? Value)>> rows)
    {
        var table = Screen.Table([.. rows[0].Select(cell => cell.Name)]);
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(TextOf(cell.Value))).ToArray<Spectre.Console.Rendering.IRenderable>());
        Screen.Out.Write(table);
    }

    private static string TextOf(object? value) => value switch
    {
        null => "-",
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => Screen.Harmless(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
