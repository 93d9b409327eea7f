using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>What is committed, beside what should be.</summary>
internal sealed class SimResult
{
    private readonly PlainAvroSerdes _serdes;
    private readonly SimCluster _cluster;
    private readonly SimTopology _topology;
    private readonly SimRedis _redis;
    private readonly SimOperator? _operator;
    private readonly List<(string Source, string Key, long Count)> _good = [];
    private readonly List<(string Topic, int Partition, long Offset)> _poison = [];

    public SimResult(SimTopology topology, SimCluster cluster, SimRedis redis, PlainAvroSerdes serdes, SimOperator? @operator)
    {
        (_topology, _cluster, _redis, _serdes, _operator) = (topology, cluster, redis, serdes, @operator);
        foreach (var topicName in topology.Sources)
        {
            for (var partition = 0; partition < SimTopology.Partitions; partition++)
                ReadInput(topicName, partition);
        }
    }

    /// <summary>As many outputs as there must be, and Redis in step; whether they are the right ones is another question.</summary>
    public bool IsComplete =>
        Committed(_topology.Counted).Count() >= _good.Count && Committed(_topology.Reminders).Count() >= _good.Count
        && (!_topology.HasEchoes || Committed(_topology.Echoes).Count() >= _good.Count) && Committed(_topology.DeadLetters).Count() >= _poison.Count
        && _operator?.Waiting().Count is null or 0 && !ViewDifferences().Any();

    /// <summary>What is not as it must be; empty when all is.</summary>
    public IReadOnlyList<string> Differences()
    {
        var counted = Committed(_topology.Counted).Select(record => (Key: KeyOf(record), Value: _serdes.For(_topology.Counted).Read(record.Value!))).ToList();
        var differences = new List<string>();
        Compare(
            "outputs",
            counted.Select(output => output.Value.Note[..output.Value.Note.LastIndexOf('/')] + "|" + output.Key),
            _good.Select(record => record.Source[..record.Source.LastIndexOf('#')] + "|" + record.Key), differences);
        foreach (var byTimer in _topology.HasEchoes ? [_topology.Reminders, _topology.Echoes] : new[] { _topology.Reminders })
        {
            Compare(
                byTimer.Name, Committed(byTimer).Select(KeyOf), _good.Select(record => record.Source.Replace('#', '/')).Select(Reordered),
                differences);
        }

        differences.AddRange(LetterDifferences());
        foreach (var byKey in counted.GroupBy(output => output.Key))
            differences.AddRange(OrderDifferences(byKey.Key, [.. byKey.Select(output => output.Value)], isInOrder: _topology.Letters != SimLetters.InAnyOrder));
        Compare(
            "state",
            State().Select(entry => $"{entry.Key}={entry.Value}"),
            _good.GroupBy(record => record.Key).Select(key => $"{key.Key}={key.Sum(record => record.Count)}"), differences);
        differences.AddRange(ViewDifferences());
        return differences;
    }

    // Inputs interleave as they like, but within each the order holds, and every total follows on the one before.
    private static IEnumerable<string> OrderDifferences(string key, IReadOnlyList<Tally> outputs, bool isInOrder)
    {
        var total = 0L;
        foreach (var output in outputs)
        {
            if (!output.Note.EndsWith($"/{total += output.Count}", StringComparison.Ordinal))
                yield return $"{key}: {output.Note} does not follow on what came before ({total} expected)";
        }

        foreach (var source in outputs.Where(_ => isInOrder).GroupBy(output => output.Note[..output.Note.IndexOf('/', StringComparison.Ordinal)]))
        {
            var offsets = source.Select(output => long.Parse(output.Note.Split('/')[1], CultureInfo.InvariantCulture)).ToList();
            if (!offsets.SequenceEqual(offsets.Order()))
                yield return $"{key}: out of order: {string.Join(", ", offsets)}";
        }
    }

    private static void Compare(string what, IEnumerable<string> actual, IEnumerable<string> expected, List<string> differences)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var each in expected)
            counts[each] = counts.GetValueOrDefault(each) - 1;
        foreach (var each in actual)
            counts[each] = counts.GetValueOrDefault(each) + 1;
        differences.AddRange(counts.Where(each => each.Value != 0).Select(each => $"{what}: {each.Key} {(each.Value < 0 ? "missing" : "too often")}"));
    }

    private IReadOnlyList<string> LetterDifferences()
    {
        var letters = Committed(_topology.DeadLetters).Select(record => _serdes.For(_topology.DeadLetters).Read(record.Value!)).ToList();
        var sources = letters.Select(letter => $"{letter.Topic}/{letter.Partition}/{letter.Offset}");
        var poison = _poison.Select(record => $"{record.Topic}/{record.Partition}/{record.Offset}").ToList();
        var differences = new List<string>();
        if (_operator is null)
        {
            Compare("dead letters", sources, poison, differences);
            return differences;
        }

        differences.AddRange(poison.Except(sources).Select(source => $"dead letters: {source} missing"));
        differences.AddRange(_operator.Waiting().Keys.Select(key => $"{key} still waits"));
        // A letter that failed again is written again, at its own place.
        differences.AddRange(letters.GroupBy(letter => (letter.Line, letter.Number))
            .Where(place => place.Select(letter => (letter.Topic, letter.Partition, letter.Offset)).Distinct().Count() > 1)
            .Select(place => $"dead letters: {place.Key} is the place of several"));
        return differences;
    }

    private IEnumerable<string> ViewDifferences()
    {
        var state = State();
        foreach (var (key, total) in state)
        {
            if (_redis.Strings.GetValueOrDefault(SimTopology.ViewPrefix + key) is var shown && shown != $"{total}")
                yield return $"Redis shows {shown ?? "nothing"} for {key} instead of {total}";
        }

        foreach (var key in _redis.Strings.Keys.Where(key => !state.ContainsKey(key[SimTopology.ViewPrefix.Length..])))
            yield return $"Redis shows {key}, which has no state";
    }

    private Dictionary<string, long> State()
    {
        var state = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in Committed(_topology.Counts.Changelog))
            state[KeyOf(record)] = _serdes.For(_topology.Counts.Changelog).Read(record.Value!).Count;
        return state;
    }

    // topic/offset/partition, as sources are written here, to topic/partition/offset, as reminders are keyed.
    private static string Reordered(string source) => source.Split('/') is var parts ? $"{parts[0]}/{parts[2]}/{parts[1]}" : source;

    private void ReadInput(string topicName, int partition)
    {
        var sequences = new Dictionary<string, long>(StringComparer.Ordinal);
        var records = _cluster.Partition(topicName, partition).Records;
        for (var offset = 0; offset < records.Count; offset++)
        {
            switch (Decode(records[offset].Value!))
            {
                case null:
                case { Note: SimTopology.Poison or SimTopology.Unwritable } when _operator is null:
                    _poison.Add((topicName, partition, offset));
                    break;
                case { Note: SimTopology.Tick }:
                    break;
                case { Note: SimTopology.Poison or SimTopology.Unwritable } repaired:
                    _good.Add(($"{topicName}/{offset}#{partition}", KeyOf(records[offset]), repaired.Count));
                    break;
                case { } tally when SimTopology.SequenceOf(tally.Note) > sequences.GetValueOrDefault(KeyOf(records[offset])):
                    sequences[KeyOf(records[offset])] = SimTopology.SequenceOf(tally.Note)!.Value;
                    _good.Add(($"{topicName}/{offset}#{partition}", KeyOf(records[offset]), tally.Count));
                    break;
            }
        }
    }

    private Tally? Decode(byte[] bytes)
    {
        try
        {
            return _serdes.For(_topology.First).Read(bytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private IEnumerable<SimRecord> Committed(Topic topic) =>
        Enumerable.Range(0, SimTopology.Partitions)
            .SelectMany(partition => _cluster.Partition(topic.Name, partition).Records)
            .Where(SimPartition.IsCommitted);

    private static string KeyOf(SimRecord record) => Encoding.UTF8.GetString(record.Key!);
}
