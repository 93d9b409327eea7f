using System.Globalization;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>What raising would do, from a look at every entry that would move.</summary>
internal sealed class RepartitionPlan(int from, int to)
{
    /// <summary>Contradictions told in full; there may be as many as entries.</summary>
    private const int ToldMax = 10;

    private readonly List<string> _contradictions = [];
    private long _contradicted;
    private long _entries;
    private readonly SortedDictionary<string, long> _spread = new(StringComparer.Ordinal);

    public void Add(Topic topic, ConsumeResult<byte[], byte[]?> record, HomeVerdict verdict)
    {
        _entries++;
        if (verdict.Partitions.Count > 1)
            _spread[topic.Name] = _spread.GetValueOrDefault(topic.Name) + 1;
        if (verdict.Contradiction is null)
            return;
        _contradicted++;
        // Never the key: it may name a person.
        if (_contradictions.Count < ToldMax)
            _contradictions.Add(string.Create(CultureInfo.InvariantCulture, $"{topic.Name}, partition {record.Partition.Value}, offset {record.Offset.Value}: {verdict.Contradiction}"));
    }

    /// <exception cref="RepartitionException">It is not known where an entry belongs.</exception>
    public void ThrowIfContradicted()
    {
        if (_contradicted > 0)
            throw new RepartitionException($"{_contradicted} entries of state are not where they should be, so that it is not known where they belong. Nothing was changed.\n  {string.Join("\n  ", _contradictions)}");
    }

    public void Say(Action<string> say, int compacted, int others, int single, bool hasSink)
    {
        say($"From {from} to {to} times the partitions of the catalogue:");
        say($"  {others} topics get more partitions; what is in them has been read and stays where it is");
        say(string.Create(CultureInfo.InvariantCulture, $"  {compacted} compacted topics are copied and made anew: {_entries} entries"));
        foreach (var (topic, count) in _spread)
            say(string.Create(CultureInfo.InvariantCulture, $"    {count} of {topic} to more than one partition"));
        say($"  {single} topics keep their one partition");
        say($"  positions of readers of those made anew are set to their ends, in Kafka{(hasSink ? " and in warehouse.sink_offsets" : "")}");
    }

    /// <summary>The multiple that all topics have.</summary>
    /// <exception cref="RepartitionException">A topic is missing, or they disagree.</exception>
    public static int PresentMultiple(IReadOnlyList<Topic> catalogue, IReadOnlyDictionary<string, FoundTopic> found)
    {
        if (catalogue.Where(topic => !found.ContainsKey(topic.Name)).ToList() is { Count: > 0 } missing)
            throw new RepartitionException($"topics are missing: {string.Join(", ", missing.Select(topic => topic.Name))}. Run provision first, with the multiple that the others have");
        if (catalogue.FirstOrDefault(topic => topic.Partitions == 1 && found[topic.Name].Partitions != 1) is { } several)
            throw new RepartitionException($"{several.Name} has {found[several.Name].Partitions} partitions and must have one");
        var counts = catalogue.Where(topic => topic.Partitions > 1).Select(topic => (topic.Name, topic.Partitions, Found: found[topic.Name].Partitions)).ToList();
        if (counts.Find(topic => topic.Found % topic.Partitions != 0) is { Name: not null } odd)
            throw new RepartitionException($"{odd.Name} has {odd.Found} partitions, no multiple of the catalogue's {odd.Partitions}");
        var multiples = counts.GroupBy(topic => topic.Found / topic.Partitions).OrderByDescending(group => group.Count()).ToList();
        return multiples.Count == 1
            ? multiples[0].Key
            : throw new RepartitionException(
                $"topics disagree: most have {multiples[0].Key} times the partitions of the catalogue, but not {string.Join(", ", multiples.Skip(1).SelectMany(group => group).Select(topic => topic.Name))}");
    }

    /// <exception cref="RepartitionException">Fewer partitions are impossible, and another factor would send keys anywhere.</exception>
    public static void ThrowUnlessGrowth(int from, int to)
    {
        if (to < from)
            throw new RepartitionException($"topics have {from} times the partitions of the catalogue; Kafka:PartitionsMultiple={to} would be fewer, which Kafka cannot do");
        if (to % from != 0)
            throw new RepartitionException($"topics have {from} times the partitions of the catalogue; only whole multiples of that are possible, not {to}");
    }
}
