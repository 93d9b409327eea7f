using Avro.Specific;

namespace Commerce.Streaming.Processing;

/// <summary>
/// A store as others read it in Redis: one key per state key, written after each commit, never ahead of Kafka. Reading it needs no
/// knowledge of partitions: the Redis key is <see cref="KeyPrefix"/> + the state key.
/// </summary>
public abstract class RedisView
{
    private protected RedisView(string storeName, string keyPrefix)
    {
        StoreName = storeName;
        KeyPrefix = keyPrefix;
    }

    /// <summary>Store whose view this is.</summary>
    public string StoreName { get; }

    /// <summary>Prefix of the view's keys. Keys that start with it and a <c>#</c> hold watermark and index.</summary>
    public string KeyPrefix { get; }

    /// <summary>Each value as a Redis hash.</summary>
    /// <param name="project">Pure. Null shows nothing for the key.</param>
    public static RedisView AsHash<T>(
        Store<T> store, string keyPrefix, Func<string, T, IEnumerable<KeyValuePair<string, string>>?> project)
        where T : class, ISpecificRecord =>
        new ProjectedView<T>(store, keyPrefix, (key, value) => project(key, value)?.SelectMany(field => new[] { field.Key, field.Value }).ToArray());

    /// <summary>Each value as a Redis string.</summary>
    /// <param name="project">Pure. Null shows nothing for the key.</param>
    public static RedisView AsString<T>(Store<T> store, string keyPrefix, Func<string, T, string?> project)
        where T : class, ISpecificRecord =>
        new ProjectedView<T>(store, keyPrefix, (key, value) => project(key, value) is { } text ? [text] : null);

    /// <summary>The stored form: null (nothing to show), one element (a string) or field, value, … (a hash).</summary>
    internal abstract string[]? Project(string key, object value);

    private sealed class ProjectedView<T>(Store<T> store, string keyPrefix, Func<string, T, string[]?> project)
        : RedisView(store.Name, keyPrefix)
        where T : class, ISpecificRecord
    {
        internal override string[]? Project(string key, object value) => project(key, (T)value);
    }
}
