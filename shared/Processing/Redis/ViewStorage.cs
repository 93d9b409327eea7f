using System.Globalization;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>A change as it is shown: null deletes the key.</summary>
/// <param name="JoinsIndex">The key may be new to the partition's index.</param>
internal readonly record struct ViewChange(string Key, string[]? Shown, bool JoinsIndex);

/// <summary>One partition of a view in Redis: watermark, index of its keys, and the keys.</summary>
/// <param name="siblings">
/// Partitions to which keys of this one can have moved when partitions were raised: a rebuild, which deletes what the index names and the
/// state has not, leaves alone what they show.
/// </param>
internal sealed class ViewStorage(
    IViewServer redis, string keyPrefix, int partition, string epoch, int chunkKeys, TimeProvider clock, IReadOnlyList<int>? siblings = null)
{
    /// <summary>
    /// A view that was last written longer ago is not brought up to date but rebuilt: a deletion since then may have left the changelog
    /// (Kafka keeps tombstones for delete.retention.ms, a day unless set otherwise).
    /// </summary>
    private static readonly TimeSpan TrustMax = TimeSpan.FromHours(12);

    private static readonly string[] WatermarkFields = ["epoch", "held", "at"];

    private readonly string _watermark = string.Create(CultureInfo.InvariantCulture, $"{keyPrefix}#watermark:{partition}");
    private readonly string _index = IndexOf(keyPrefix, partition);
    private readonly string[] _siblings = [.. (siblings ?? []).Select(sibling => IndexOf(keyPrefix, sibling))];

    /// <summary>Changelog offset that the view holds; null when there is none, or one of another changelog.</summary>
    public async Task<long?> ReadHeldAsync() => (await ReadAsync()).Held;

    /// <summary>As <see cref="ReadHeldAsync"/>, but null, too, for a view too old to be brought up to date.</summary>
    public async Task<long?> ReadTrustedAsync()
    {
        var (held, at) = await ReadAsync();
        return clock.GetUtcNow() - at <= TrustMax ? held : null;
    }

    /// <summary>Applies changes that lead from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public Task<ViewAnswer> ApplyAsync(long from, long to, IReadOnlyList<ViewChange> changes) =>
        WriteAsync(Text(from), onward: Text(from), to, changes);

    /// <summary>Makes the view exactly <paramref name="entries"/>: writes them all and deletes what else the index names.</summary>
    public async Task<ViewAnswer> RebuildAsync(long to, IReadOnlyList<ViewChange> entries)
    {
        var shown = entries.Where(entry => entry.Shown is not null).Select(entry => keyPrefix + entry.Key).ToHashSet(StringComparer.Ordinal);
        var changes = entries.ToList();
        await foreach (var key in redis.MembersAsync(_index, chunkKeys))
        {
            if (!shown.Contains(key))
                changes.Add(new ViewChange(key[keyPrefix.Length..], Shown: null, JoinsIndex: false));
        }

        return await WriteAsync(ViewScript.BeginRebuild, ViewScript.GoOnRebuilding, to, changes);
    }

    private async Task<(long? Held, DateTimeOffset At)> ReadAsync()
    {
        var fields = await redis.ReadHashAsync(_watermark, WatermarkFields);
        return fields[0] == epoch && TryNumber(fields[1], out var held) && TryNumber(fields[2], out var at)
            ? (held, DateTimeOffset.FromUnixTimeSeconds(at))
            : (null, default);
    }

    private async Task<ViewAnswer> WriteAsync(string first, string onward, long to, IReadOnlyList<ViewChange> changes)
    {
        var expected = first;
        var start = 0;
        do
        {
            var count = Math.Min(chunkKeys, changes.Count - start);
            var isLast = start + count == changes.Count;
            var answer = await WriteChunkAsync(expected, to, isLast, changes, start, count);
            if (answer != ViewAnswer.Written)
                return answer;
            start += count;
            expected = onward;
        }
        while (start < changes.Count);

        return ViewAnswer.Written;
    }

    private async Task<ViewAnswer> WriteChunkAsync(string expected, long to, bool isLast, IReadOnlyList<ViewChange> changes, int start, int count)
    {
        string[] others = expected is ViewScript.BeginRebuild or ViewScript.GoOnRebuilding ? _siblings : [];
        var keys = new string[2 + others.Length + count];
        (keys[0], keys[1]) = (_watermark, _index);
        others.CopyTo(keys, 2);
        var values = new List<string>(6 + (count * 4))
        {
            epoch, expected, Text(to), isLast ? "1" : "0", Text(clock.GetUtcNow().ToUnixTimeSeconds()), Text(others.Length),
        };
        for (var index = 0; index < count; index++)
        {
            var change = changes[start + index];
            keys[2 + others.Length + index] = keyPrefix + change.Key;
            values.Add(Text(change.Shown?.Length ?? 0));
            values.Add(change.JoinsIndex ? "1" : "0");
            values.AddRange(change.Shown ?? []);
        }

        return await redis.RunScriptAsync(keys, [.. values]) switch
        {
            "ok" => ViewAnswer.Written,
            "gap" => ViewAnswer.Gap,
            "superseded" => ViewAnswer.Superseded,
            _ => throw new RedisException("the view script gave an unknown answer"),
        };
    }

    private static string IndexOf(string keyPrefix, int partition) => string.Create(CultureInfo.InvariantCulture, $"{keyPrefix}#keys:{partition}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string? text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
