using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>What is committed, beside what should be.</summary>
internal sealed class SimResult
{
    private readonly PlainAvroSerdes _serdes;
    private readonly SimCluster _cluster;
    private readonly SimTopology _topology;
    private readonly List<(string Source, string Key, long Count)> _good = [];
    private readonly List<(string Topic, int Partition, long Offset)> _poison = [];

    public SimResult(SimTopology topology, SimCluster cluster, PlainAvroSerdes serdes)
    {
        (_topology, _cluster, _serdes) = (topology, cluster, serdes);
        foreach (var topicName in topology.Inputs)
        {
            for (var partition = 0; partition < SimTopology.Partitions; partition++)
                ReadInput(topicName, partition);
        }
    }

    /// <summary>As many outputs as there must be; whether they are the right ones is another question.</summary>
    public bool IsComplete =>
        Committed(_topology.Counted).Count() >= _good.Count && Committed(_topology.Reminders).Count() >= _good.Count
        && Committed(_topology.DeadLetters).Count() >= _poison.Count;

    public override string ToString() =>
        $"{Committed(_topology.Counted).Count()} of {_good.Count} counted, {Committed(_topology.Reminders).Count()} reminders, "
        + $"{Committed(_topology.DeadLetters).Count()} of {_poison.Count} dead letters";

    public void ShouldBeRight()
    {
        var counted = Committed(_topology.Counted).Select(record => (Key: KeyOf(record), Value: _serdes.For(_topology.Counted).Read(record.Value!))).ToList();
        counted.Select(output => output.Value.Note[..output.Value.Note.LastIndexOf('/')] + "|" + output.Key).Order(StringComparer.Ordinal)
            .ShouldBe(_good.Select(record => record.Source[..record.Source.LastIndexOf('#')] + "|" + record.Key).Order(StringComparer.Ordinal));
        foreach (var byKey in counted.GroupBy(output => output.Key))
        {
            // Inputs interleave as they like, but within each the order holds, and every total follows on the one before.
            var total = 0L;
            foreach (var output in byKey)
                output.Value.Note.ShouldEndWith($"/{total += output.Value.Count}", customMessage: byKey.Key);
            foreach (var source in byKey.GroupBy(output => output.Value.Note[..output.Value.Note.IndexOf('/', StringComparison.Ordinal)]))
                source.Select(output => long.Parse(output.Value.Note.Split('/')[1], CultureInfo.InvariantCulture)).ShouldBeInOrder();
        }

        Committed(_topology.Reminders).Select(KeyOf).Order(StringComparer.Ordinal)
            .ShouldBe(_good.Select(record => record.Source.Replace('#', '/')).Select(Reordered).Order(StringComparer.Ordinal));
        Committed(_topology.DeadLetters).Select(record => _serdes.For(_topology.DeadLetters).Read(record.Value!))
            .Select(letter => (letter.Topic, letter.Partition, letter.Offset)).Order().ShouldBe(_poison.Order());
        var state = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in Committed(_topology.Counts.Changelog))
            state[KeyOf(record)] = _serdes.For(_topology.Counts.Changelog).Read(record.Value!).Count;
        state.OrderBy(entry => entry.Key, StringComparer.Ordinal).ShouldBe(
            _good.GroupBy(record => record.Key).Select(key => KeyValuePair.Create(key.Key, key.Sum(record => record.Count))).OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    // topic/offset/partition, as sources are written here, to topic/partition/offset, as reminders are keyed.
    private static string Reordered(string source) => source.Split('/') is var parts ? $"{parts[0]}/{parts[2]}/{parts[1]}" : source;

    private void ReadInput(string topicName, int partition)
    {
        var records = _cluster.Partition(topicName, partition).Records;
        for (var offset = 0; offset < records.Count; offset++)
        {
            if (Decode(records[offset].Value!) is { Note: not (CountingTopology.Poison or SimTopology.Unwritable) } tally)
                _good.Add(($"{topicName}/{offset}#{partition}", KeyOf(records[offset]), tally.Count));
            else
                _poison.Add((topicName, partition, offset));
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
            .Where(SimPartition.IsVisible);

    private static string KeyOf(SimRecord record) => Encoding.UTF8.GetString(record.Key!);
}
