namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>What one record says, checked and with its keys made. Adding it to rows cannot fail.</summary>
internal abstract record Statement
{
    /// <summary>Adds it to the rows of a batch, where the newest statement about a key wins.</summary>
    public abstract void AddTo(BatchRows rows);
}

/// <summary>When something was said: event time, then acceptance, then message. The greater one holds, in whatever order they arrive.</summary>
internal readonly record struct Recency(DateTimeOffset EventTime, DateTimeOffset ReceivedAt, string MessageId) : IComparable<Recency>
{
    public int CompareTo(Recency other) =>
        (EventTime.CompareTo(other.EventTime), ReceivedAt.CompareTo(other.ReceivedAt)) switch
        {
            (0, 0) => string.CompareOrdinal(MessageId, other.MessageId),
            (0, var received) => received,
            var (time, _) => time,
        };
}
