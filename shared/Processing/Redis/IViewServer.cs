using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>What a view asks of Redis. Calls throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when it is away.</summary>
internal interface IViewServer
{
    /// <summary>Fields of a hash; null for what is not there.</summary>
    Task<string?[]> ReadHashAsync(string key, string[] fields);

    /// <summary>Members of a set.</summary>
    IAsyncEnumerable<string> MembersAsync(string key, int pageSize);

    /// <summary>Runs <see cref="ViewScript"/>, atomically.</summary>
    Task<string?> RunScriptAsync(string[] keys, string[] values);
}

/// <summary>The real one.</summary>
internal sealed class RedisViewServer(IDatabase redis) : IViewServer
{
    public async Task<string?[]> ReadHashAsync(string key, string[] fields) =>
        Array.ConvertAll(await redis.HashGetAsync(key, Array.ConvertAll(fields, field => (RedisValue)field)), value => (string?)value);

    public async IAsyncEnumerable<string> MembersAsync(string key, int pageSize)
    {
        await foreach (var member in redis.SetScanAsync(key, pageSize: pageSize))
            yield return member!;
    }

    public async Task<string?> RunScriptAsync(string[] keys, string[] values) =>
        (string?)await redis.ScriptEvaluateAsync(
            ViewScript.Text, Array.ConvertAll(keys, key => (RedisKey)key), Array.ConvertAll(values, value => (RedisValue)value));
}
