using System.Globalization;
using Commerce.Streaming.Processing.Redis;
using StackExchange.Redis;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>Redis in memory: what <see cref="ViewScript"/> does, in C#. Whether the script does the same is tested on real servers.</summary>
internal sealed class SimRedis(SimTrace trace, bool isGuarded)
{
    private readonly Dictionary<string, Dictionary<string, string>> _hashes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _sets = new(StringComparer.Ordinal);

    /// <summary>Values by key.</summary>
    public SortedDictionary<string, string> Strings { get; } = new(StringComparer.Ordinal);

    public bool IsAway { get; set; }

    /// <summary>It has lost everything.</summary>
    public void Clear()
    {
        trace.Add("redis", "lost", Strings.Count);
        _hashes.Clear();
        _sets.Clear();
        Strings.Clear();
    }

    public string? Field(string key, string field) => _hashes.GetValueOrDefault(key)?.GetValueOrDefault(field);

    public IEnumerable<string> Members(string key) => _sets.TryGetValue(key, out var members) ? members.ToArray() : [];

    public string Run(string[] keys, string[] values)
    {
        var (watermark, epoch, expected, to) = (keys[0], values[0], values[1], long.Parse(values[2], CultureInfo.InvariantCulture));
        var isSame = Field(watermark, "epoch") == epoch;
        var claimed = isSame && Field(watermark, "claimed") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : (long?)null;
        if (isGuarded && Refusal(expected, to, isSame, claimed, Field(watermark, "held")) is { } refusal)
            return refusal;
        if (!_hashes.TryGetValue(watermark, out var hash))
            _hashes[watermark] = hash = new Dictionary<string, string>(StringComparer.Ordinal);
        if (expected == ViewScript.BeginRebuild)
            hash.Remove("held");
        (hash["epoch"], hash["claimed"]) = (epoch, values[2]);
        Write(keys, values);
        if (values[3] == "1")
            (hash["held"], hash["at"]) = (values[2], values[4]);
        trace.Add("redis", watermark, to);
        return "ok";
    }

    private static string? Refusal(string expected, long to, bool isSame, long? claimed, string? held)
    {
        if (claimed > to)
            return "superseded";
        return expected switch
        {
            ViewScript.BeginRebuild => null,
            ViewScript.GoOnRebuilding => claimed == to ? null : "gap",
            _ => isSame && held == expected ? null : "gap",
        };
    }

    private void Write(string[] keys, string[] values)
    {
        var index = _sets.TryGetValue(keys[1], out var known) ? known : _sets[keys[1]] = new SortedSet<string>(StringComparer.Ordinal);
        // The simulation has as many partitions as its topics say: no siblings.
        var at = 6;
        foreach (var key in keys.AsSpan(2))
        {
            if (values[at] == "0")
            {
                Strings.Remove(key);
                index.Remove(key);
                at += 2;
                continue;
            }

            // The topology shows strings only.
            Strings[key] = values[at + 2];
            if (values[at + 1] == "1")
                index.Add(key);
            at += 3;
        }
    }
}

/// <summary>One worker's connection to it.</summary>
internal sealed class SimRedisClient(SimRedis redis, SimFaults faults, Action hang) : IViewServer
{
    public Task<string?[]> ReadHashAsync(string key, string[] fields)
    {
        ThrowIfAway("redis read");
        return Task.FromResult(Array.ConvertAll(fields, field => redis.Field(key, field)));
    }

    public IAsyncEnumerable<string> MembersAsync(string key, int pageSize)
    {
        ThrowIfAway("redis scan");
        return redis.Members(key).ToAsyncEnumerable();
    }

    public Task<string?> RunScriptAsync(string[] keys, string[] values)
    {
        ThrowIfAway("redis write");
        var answer = redis.Run(keys, values);
        // It was written, and we do not hear of it.
        ThrowIfAway("redis written");
        return Task.FromResult<string?>(answer);
    }

    private void ThrowIfAway(string at)
    {
        hang();
        faults.MayCrash(at);
        if (redis.IsAway || faults.MayBeUnavailable())
            throw new RedisException("away");
    }
}
