using Commerce.Processing;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>
/// One who takes care of dead letters, well or badly: retries any of them, done ones, early ones, twice, and passes over those that nobody can
/// read. At the end in earnest: all that wait, in their order.
/// </summary>
internal sealed class SimOperator(SimTopology topology, SimCluster cluster, PlainAvroSerdes serdes, Random random, TimeProvider clock)
{
    private const int LettersAtOnceMax = 4;

    /// <summary>What comes to mind.</summary>
    public void Dabble()
    {
        var letters = Committed(topology.DeadLetters.Name).ToList();
        if (letters.Count == 0)
            return;
        var first = random.Next(letters.Count);
        foreach (var record in letters.Skip(first).Take(1 + random.Next(LettersAtOnceMax)))
        {
            var letter = Read(record);
            if (letter.Line is null)
                continue;
            for (var times = random.Next(3); times >= 0; times--)
                Send(letter, skip: IsUnreadable(letter) && random.Next(2) == 0);
        }
    }

    /// <summary>Everything that waits, as far as one can see it now.</summary>
    public void Clear()
    {
        var newest = new Dictionary<(string Line, long Number), DeadLetter>();
        foreach (var letter in Letters())
            newest[(letter.Line!, letter.Number)] = letter;
        foreach (var line in Waiting().Values)
        {
            for (var number = line.Next; number <= line.Last; number++)
            {
                if (newest.TryGetValue((line.Line, number), out var letter))
                    Send(letter, IsUnreadable(letter));
            }
        }
    }

    /// <summary>Lines that wait, by the key of their state.</summary>
    public SortedDictionary<string, ParkedKey> Waiting()
    {
        var waiting = new SortedDictionary<string, ParkedKey>(StringComparer.Ordinal);
        foreach (var record in Committed(topology.Parked.Changelog.Name))
        {
            var key = System.Text.Encoding.UTF8.GetString(record.Key!);
            if (record.Value is { } value)
                waiting[key] = serdes.For(topology.Parked.Changelog).Read(value);
            else
                waiting.Remove(key);
        }

        return waiting;
    }

    private IEnumerable<DeadLetter> Letters() =>
        Committed(topology.DeadLetters.Name).Select(Read).Where(letter => letter.Line is not null);

    private DeadLetter Read(SimRecord record) => serdes.For(topology.DeadLetters).Read(record.Value!);

    private IEnumerable<SimRecord> Committed(string topic) =>
        Enumerable.Range(0, SimTopology.Partitions).SelectMany(partition => cluster.Partition(topic, partition).Records).Where(SimPartition.IsCommitted);

    // By what it holds, not by its reason: one may pass over it before its turn, too, and nothing must come of that.
    private static bool IsUnreadable(DeadLetter letter) => letter.Value is [9, 9];

    private void Send(DeadLetter letter, bool skip) => cluster.Append(
        cluster.Partition(topology.Retries.Name, letter.Partition), letter.Key, serdes.For(topology.Retries).Write(Retry.Of(letter, skip)),
        clock.GetUtcNow(), transaction: null);
}
