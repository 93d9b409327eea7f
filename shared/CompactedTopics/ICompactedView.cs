namespace Commerce.Streaming.CompactedTopics;

/// <summary>
/// What a service keeps in memory of a compacted topic. One thread applies records, in order per key; readers may be many.
/// </summary>
public interface ICompactedView<in T> where T : class
{
    /// <summary>Takes the newest value of <paramref name="key"/>; null deletes it.</summary>
    void Apply(string key, T? value);
}
