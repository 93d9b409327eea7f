using System.Text.RegularExpressions;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>The topics that a member wants: by name, by a pattern that names match as a whole, or both.</summary>
internal sealed class Subscription
{
    /// <summary>Longest pattern: matching it takes time in its length.</summary>
    private const int MaxPatternLength = 1_000;

    private readonly Regex? _pattern;

    private Subscription(IReadOnlyList<string> topics, string? pattern, Regex? compiled) => (Topics, Pattern, _pattern) = (topics, pattern, compiled);

    public static Subscription None { get; } = new([], null, null);

    public IReadOnlyList<string> Topics { get; }

    public string? Pattern { get; }

    /// <summary>Null when the pattern is none.</summary>
    public static Subscription? TryCreate(IReadOnlyList<string> topics, string? pattern)
    {
        var sorted = topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (string.IsNullOrEmpty(pattern))
            return new Subscription(sorted, null, null);
        if (pattern.Length > MaxPatternLength)
            return null;
        try
        {
            // Like Kafka's RE2: without look-around and back references, and linear in the length of the name.
            var compiled = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new Subscription(sorted, pattern, compiled);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public bool Is(Subscription other) => Pattern == other.Pattern && Topics.SequenceEqual(other.Topics, StringComparer.Ordinal);

    /// <summary>The topics of the catalogue that are meant, as they are now.</summary>
    public IEnumerable<Topic> In(TopicCatalog catalog)
    {
        var named = Topics.Select(catalog.Find).OfType<Topic>();
        return _pattern is null ? named : named.Union(catalog.All.Where(topic => _pattern.IsMatch(topic.Name)));
    }
}
