using System.Globalization;
using Commerce.Collection;
using Commerce.Identity;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>Message ids that were processed.</summary>
public interface ISeenMessages
{
    SeenMessage? Find(string key);

    void Keep(string key, SeenMessage seen);

    /// <summary>Forgets every key that starts with <paramref name="prefix"/>.</summary>
    void Drop(string prefix);
}

/// <summary>How long and how many message ids are remembered, per partition; whichever ends first.</summary>
/// <param name="Window">By the time of acceptance. Kafka keeps collected events as long.</param>
/// <param name="MaxMessages">About 200 bytes of memory each.</param>
public sealed record DeduplicationLimits(TimeSpan Window, int MaxMessages)
{
    public static readonly DeduplicationLimits Default = new(TimeSpan.FromDays(7), 100_000);
}

/// <summary>
/// Drops repeated messages. Ids are kept in generations, so that forgetting is one step once in a while instead of a timer for each:
/// a generation is closed when it is full or old, and the one that nobody needs any more is dropped whole.
/// </summary>
public static class Deduplication
{
    /// <summary>The one being filled and those that cover the window.</summary>
    public const int Generations = 8;

    /// <summary>Key of the entry that says which generation is being filled.</summary>
    public const string Current = "#generation";

    /// <summary>Whether the event was seen before; remembers it if not.</summary>
    public static bool IsRepeated(ISeenMessages seen, CollectedEvent collected, DeduplicationLimits limits)
    {
        var current = seen.Find(Current) ?? new SeenMessage { SeenAt = collected.ReceivedAt };
        for (var generation = current.Generation; generation > current.Generation - Generations; generation--)
            if (seen.Find(Key(generation, collected)) is not null) return true;

        if (IsClosed(current, collected.ReceivedAt, limits))
        {
            current = new SeenMessage { SeenAt = collected.ReceivedAt, Generation = current.Generation + 1 };
            seen.Drop(Prefix(current.Generation - Generations));
        }
        seen.Keep(Key(current.Generation, collected), new SeenMessage { SeenAt = collected.ReceivedAt });
        seen.Keep(Current, current with { Count = current.Count + 1 });
        return false;
    }

    private static bool IsClosed(SeenMessage current, DateTimeOffset now, DeduplicationLimits limits) =>
        current.Count >= Math.Max(1, limits.MaxMessages / Generations) || now - current.SeenAt >= limits.Window / (Generations - 1);

    private static string Key(long generation, CollectedEvent collected) => $"{Prefix(generation)}{collected.Source.Id}/{collected.MessageId}";

    private static string Prefix(long generation) => generation.ToString(CultureInfo.InvariantCulture) + "/";
}
