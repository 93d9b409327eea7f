using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.DeadLetters;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>Options of `commerce dlq show`.</summary>
public sealed class ShowLettersOptions : PipelineLetterOptions
{
    [CommandOption("--limit <N>")]
    [Description("Most letters to print. Default 100.")]
    [DefaultValue(100)]
    public int Limit { get; init; } = 100;
}

/// <summary>Waiting letters, with their values for who has the key.</summary>
internal sealed class ShowLettersCommand : AsyncCommand<ShowLettersOptions>
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override async Task<int> ExecuteAsync(CommandContext context, ShowLettersOptions options, CancellationToken cancellationToken)
    {
        var topics = LetterOptions.TopicsOf(options.Pipeline);
        var connection = options.Connect();
        using var registry = connection.Registry;
        var values = new LetterValues(registry, SealingKey.TryLoad(options));
        var lines = new WaitingLetters(connection, topics).Read(options.Filter, cancellationToken);
        foreach (var (line, waiting) in lines.SelectMany(line => line.Letters.Select(letter => (line, letter))).Take(options.Limit))
        {
            var letter = waiting.Letter;
            var (value, fault) = await values.ReadAsync(letter);
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    line.Key, letter.Number, letter.Reason, letter.Error, letter.Attempts, letter.FailedAt, letter.Topic, letter.Partition, letter.Offset,
                    letter.Timestamp, letter.SchemaId, Value = value, NotRead = fault,
                }, Json));
        }

        return ExitCodes.Ok;
    }
}
