using System.Text;
using Commerce.Processing;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Rig.Counting;

/// <summary>What the workers made of the input, beside the model.</summary>
public sealed record CountingResult(
    CountingModel Expected, List<ConsumeResult<byte[], byte[]>> Outputs, List<ConsumeResult<byte[], byte[]>> DeadLetters,
    List<ConsumeResult<byte[], byte[]>> Changelog, Func<byte[], Tally?> Decode, Func<byte[], DeadLetter> DecodeLetter)
{
    /// <summary>Differences that are listed; there may be more.</summary>
    private const int ListedMax = 10;

    /// <summary>
    /// Every output once and in order, every poison record once in the dead letters, the last state equal to the total. Empty when so.
    /// </summary>
    public IReadOnlyList<string> Differences() =>
        [.. OutputDifferences().Concat(LetterDifferences()).Concat(StateDifferences()).Take(ListedMax)];

    private IEnumerable<string> OutputDifferences()
    {
        var outputs = Outputs
            .GroupBy(record => Encoding.UTF8.GetString(record.Message.Key))
            .ToDictionary(
                group => group.Key,
                group => group.OrderBy(record => record.Offset.Value).Select(record => Decode(record.Message.Value)!.Count).ToList());
        foreach (var key in Expected.OutputsByKey.Keys.Union(outputs.Keys))
        {
            var (expected, actual) = (Expected.OutputsByKey.GetValueOrDefault(key, []), outputs.GetValueOrDefault(key, []));
            if (!expected.SequenceEqual(actual))
            {
                var at = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
                yield return $"outputs of {key}: {actual.Count} instead of {expected.Count}, differing from number {at}: "
                    + $"[{string.Join(", ", actual.Skip(at).Take(5))}] instead of [{string.Join(", ", expected.Skip(at).Take(5))}]";
            }
        }
    }

    private IEnumerable<string> LetterDifferences()
    {
        var written = DeadLetters.ConvertAll(record => DecodeLetter(record.Message.Value));
        var letters = written.ConvertAll(letter => (letter.Partition, letter.Offset));
        if (Expected.IsParking)
        {
            foreach (var shared in written.GroupBy(letter => (letter.Line, letter.Number)).Where(place => place.Select(letter => letter.Offset).Distinct().Count() > 1))
                yield return $"several letters have the place {shared.Key}";
            foreach (var unread in Expected.Poison.Except(letters))
                yield return $"no dead letter of {unread}";
            yield break;
        }

        foreach (var twice in letters.GroupBy(letter => letter).Where(group => group.Count() > 1))
            yield return $"{twice.Count()} dead letters of {twice.Key}";
        foreach (var missing in Expected.Poison.Except(letters))
            yield return $"no dead letter of {missing}";
        foreach (var wrong in letters.Except(Expected.Poison))
            yield return $"a dead letter of {wrong}, which is a good record";
    }

    private IEnumerable<string> StateDifferences()
    {
        var state = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in Changelog.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value))
            state[Encoding.UTF8.GetString(record.Message.Key)] = Decode(record.Message.Value)!.Count;
        foreach (var key in Expected.Totals.Keys.Union(state.Keys))
        {
            var (expected, actual) = (Expected.Totals.GetValueOrDefault(key), state.GetValueOrDefault(key));
            if (expected != actual)
                yield return $"state of {key}: {actual} instead of {expected}";
        }
    }
}
