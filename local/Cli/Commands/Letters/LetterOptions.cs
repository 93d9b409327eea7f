using System.ComponentModel;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.DeadLetters;
using Confluent.SchemaRegistry;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>Options of every `dlq` command.</summary>
public class LetterOptions : PlatformOptions
{
    [CommandOption("--key <KEY>")]
    [Description("Only this key.")]
    public string? Key { get; init; }

    [CommandOption("--topic <TOPIC>")]
    [Description("Only keys whose first letter came from this topic.")]
    public string? Topic { get; init; }

    [CommandOption("--reason <REASON>")]
    [Description("Only keys whose first letter has this reason.")]
    public string? Reason { get; init; }

    internal LineFilter Filter => new(Key, Topic, Reason);

    internal LetterConnection Connect()
    {
        var endpoints = new Endpoints(this);
        return new LetterConnection(endpoints.KafkaClient(), new CachedSchemaRegistryClient(endpoints.RegistryClient()));
    }

    /// <exception cref="CliException">There is no such pipeline, or it takes no letters back.</exception>
    internal static LetterTopics TopicsOf(string pipeline)
    {
        var all = LetterTopics.Of(Topics.All);
        var topics = all.SingleOrDefault(each => each.Pipeline == pipeline)
            ?? throw CliException.Usage($"There is no pipeline {pipeline}: {string.Join(", ", all.Select(each => each.Pipeline))}.");
        return topics.Parked is not null
            ? topics
            : throw CliException.Usage(
                $"{pipeline} takes no letters back: it has no topic of retries, and what its source topic is given again others would read, too. `unseal --topic {topics.Letters.Name}` prints its letters.");
    }
}

/// <summary>Options of the commands for one pipeline.</summary>
public class PipelineLetterOptions : LetterOptions
{
    [CommandArgument(0, "<PIPELINE>")]
    [Description("Such as inventory-sync.ledger; `dlq list` shows all.")]
    public string Pipeline { get; init; } = "";
}
