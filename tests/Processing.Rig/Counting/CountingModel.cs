using System.Text;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Rig.Counting;

/// <summary>What the counting topology must make of an input log: computed from the log alone.</summary>
/// <param name="Repeated">Records that a producer sent twice: the second one counts for nothing.</param>
public sealed record CountingModel(
    int Records, int Repeated, IReadOnlyDictionary<string, List<long>> OutputsByKey, IReadOnlyDictionary<string, long> Totals,
    IReadOnlySet<(int Partition, long Offset)> Poison, bool IsParking)
{
    /// <summary>Outputs and dead letters together; with parked keys, outputs alone, for a letter may be written many times.</summary>
    public int Answers => IsParking ? Outputs : Records - Repeated;

    public int Outputs => OutputsByKey.Values.Sum(outputs => outputs.Count);

    /// <param name="isParking">Poison that can be read is repaired in the end, in its place; what cannot be read is passed over.</param>
    public static CountingModel Of(IEnumerable<ConsumeResult<byte[], byte[]>> input, Func<byte[], Tally?> decode, bool isParking)
    {
        var outputs = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        var totals = new Dictionary<string, long>(StringComparer.Ordinal);
        var sequences = new Dictionary<string, long>(StringComparer.Ordinal);
        var poison = new HashSet<(int, long)>();
        var (records, repeated) = (0, 0);
        foreach (var record in input.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value))
        {
            records++;
            if (decode(record.Message.Value) is not { } tally || (tally.Note == CountingTopology.Poison && !isParking))
            {
                poison.Add((record.Partition.Value, record.Offset.Value));
                continue;
            }

            var key = Encoding.UTF8.GetString(record.Message.Key);
            if (CountingTopology.SequenceOf(tally.Note) is { } sequence)
            {
                if (sequence <= sequences.GetValueOrDefault(key))
                {
                    repeated++;
                    continue;
                }

                sequences[key] = sequence;
            }

            totals[key] = totals.GetValueOrDefault(key) + tally.Count;
            if (!outputs.TryGetValue(key, out var counts))
                outputs[key] = counts = [];
            counts.Add(totals[key]);
        }

        return new CountingModel(records, repeated, outputs, totals, poison, isParking);
    }
}
