using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.DeadLetters;

/// <summary>The topics of one pipeline's dead letters.</summary>
/// <param name="Pipeline">Such as <c>inventory-sync.ledger</c>.</param>
/// <param name="Parked">What waits; null when the pipeline takes no letters back.</param>
/// <param name="Retries">By which it takes them back.</param>
public sealed record LetterTopics(string Pipeline, Topic<DeadLetter> Letters, Topic<ParkedKey>? Parked, Topic<Retry>? Retries)
{
    private const string Prefix = "commerce.";
    private const string LettersSuffix = ".dlq.v1";
    private const string ParkedSuffix = ".parked.changelog.v1";
    private const string RetriesSuffix = ".retries.v1";

    /// <summary>Consumer group of the pipeline.</summary>
    public string GroupId => Prefix + Pipeline;

    /// <summary>All pipelines of a catalogue that have dead letters, by the names that the platform gives such topics.</summary>
    public static IReadOnlyList<LetterTopics> Of(IReadOnlyCollection<Topic> catalogue) =>
    [
        .. catalogue.OfType<Topic<DeadLetter>>()
            .Where(topic => topic.Name.StartsWith(Prefix, StringComparison.Ordinal) && topic.Name.EndsWith(LettersSuffix, StringComparison.Ordinal))
            .Select(topic => (Topic: topic, Pipeline: topic.Name[Prefix.Length..^LettersSuffix.Length]))
            .Select(each => new LetterTopics(
                each.Pipeline, each.Topic, Named<ParkedKey>(catalogue, each.Pipeline, ParkedSuffix), Named<Retry>(catalogue, each.Pipeline, RetriesSuffix)))
            .OrderBy(each => each.Pipeline, StringComparer.Ordinal),
    ];

    private static Topic<T>? Named<T>(IEnumerable<Topic> catalogue, string pipeline, string suffix) where T : class, Avro.Specific.ISpecificRecord =>
        catalogue.OfType<Topic<T>>().SingleOrDefault(topic => topic.Name == Prefix + pipeline + suffix);
}
