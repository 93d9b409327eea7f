using System.Text;
using Commerce.Processing;
using Confluent.Kafka;

namespace Commerce.Streaming.DeadLetters;

/// <summary>A letter that waits, with the headers of its record.</summary>
public sealed record WaitingLetter(DeadLetter Letter, Headers Headers);

/// <summary>A line of letters that wait, in their order.</summary>
/// <param name="Id">The parked key, or, in pipelines that park none, the line's own name.</param>
/// <param name="Partition">The partition in which it waits.</param>
/// <param name="Place">Whose turn it is and how many there are.</param>
/// <param name="Letters">From the one whose turn it is, up to the first that the topic no longer has.</param>
public sealed record WaitingLine(string Id, int Partition, ParkedKey Place, IReadOnlyList<WaitingLetter> Letters)
{
    /// <summary>Its key is parked: nothing else of the key is processed meanwhile.</summary>
    public bool IsParked => Id != Place.Line;

    /// <summary>The key, for a person; the line's name when the letter is gone.</summary>
    public string Key => IsParked || Letters.Count == 0 || Letters[0].Letter.Key is not { } key ? Id : Encoding.UTF8.GetString(key);

    /// <summary>Letters that wait.</summary>
    public long Count => Place.Last - Place.Next + 1;

    /// <summary>Number of the first letter that the topic no longer has; null when all are there.</summary>
    public long? Missing => Letters.Count < Count ? Place.Next + Letters.Count : null;
}

/// <summary>Which lines are meant.</summary>
/// <param name="Key">The key.</param>
/// <param name="Topic">Source topic of the letter whose turn it is.</param>
/// <param name="Reason">Why it failed.</param>
public sealed record LineFilter(string? Key = null, string? Topic = null, string? Reason = null)
{
    internal bool Takes(WaitingLine line) =>
        (Key is null || line.Key == Key || line.Id == Key)
        && (Topic is null || (line.Letters.Count > 0 && line.Letters[0].Letter.Topic == Topic))
        && (Reason is null || line.Place.Reason == Reason);
}
