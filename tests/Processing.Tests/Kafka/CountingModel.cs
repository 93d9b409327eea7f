using System.Text;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>What the counting topology must make of an input log: computed from the log alone.</summary>
internal sealed record CountingModel(
    int Records, IReadOnlyDictionary<string, List<long>> OutputsByKey, IReadOnlyDictionary<string, long> Totals, IReadOnlySet<(int, long)> Poison)
{
    public static CountingModel Of(IEnumerable<ConsumeResult<byte[], byte[]>> input, Func<byte[], Tally?> decode)
    {
        var outputs = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        var totals = new Dictionary<string, long>(StringComparer.Ordinal);
        var poison = new HashSet<(int, long)>();
        var records = 0;
        foreach (var record in input.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value))
        {
            records++;
            if (decode(record.Message.Value) is not { } tally || tally.Note == CountingTopology.Poison)
            {
                poison.Add((record.Partition.Value, record.Offset.Value));
                continue;
            }

            var key = Encoding.UTF8.GetString(record.Message.Key);
            totals[key] = totals.GetValueOrDefault(key) + tally.Count;
            if (!outputs.TryGetValue(key, out var counts))
                outputs[key] = counts = [];
            counts.Add(totals[key]);
        }

        return new CountingModel(records, outputs, totals, poison);
    }
}

/// <summary>What the workers made of it.</summary>
internal sealed record CountingResult(
    CountingModel Expected, List<ConsumeResult<byte[], byte[]>> Outputs, List<ConsumeResult<byte[], byte[]>> DeadLetters,
    List<ConsumeResult<byte[], byte[]>> Changelog, Func<byte[], Tally?> Decode, Func<byte[], Commerce.Processing.DeadLetter> DecodeLetter)
{
    /// <summary>Every output once and in order, every poison record once in the dead letters, the last state equal to the total.</summary>
    public void ShouldEqualTheModel()
    {
        var outputs = Outputs
            .GroupBy(record => Encoding.UTF8.GetString(record.Message.Key))
            .ToDictionary(
                group => group.Key,
                group => group.OrderBy(record => record.Offset.Value).Select(record => Decode(record.Message.Value)!.Count).ToList());
        outputs.Count.ShouldBe(Expected.OutputsByKey.Count);
        foreach (var (key, counts) in Expected.OutputsByKey)
            outputs[key].ShouldBe(counts, $"outputs of {key}");

        var letters = DeadLetters.ConvertAll(record => DecodeLetter(record.Message.Value));
        letters.Select(letter => (letter.Partition, letter.Offset)).Order().ShouldBe(Expected.Poison.Order());

        var state = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in Changelog.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value))
            state[Encoding.UTF8.GetString(record.Message.Key)] = Decode(record.Message.Value)!.Count;
        state.OrderBy(entry => entry.Key, StringComparer.Ordinal).ShouldBe(Expected.Totals.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }
}
