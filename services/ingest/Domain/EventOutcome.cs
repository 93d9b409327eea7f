using Commerce.Collection;
using Commerce.Inventory;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>What became of one event.</summary>
internal abstract record EventOutcome(string MessageId)
{
    /// <summary>Goes on to identity resolution.</summary>
    public sealed record Collected(CollectedEvent Event, string Key) : EventOutcome(Event.MessageId);

    /// <summary>Goes on to the stock ledger.</summary>
    public sealed record Stock(string MessageId, StockCommand Command) : EventOutcome(MessageId);

    /// <summary>Breaks a rule; kept, sealed, for repair.</summary>
    public sealed record Quarantined(string MessageId, string? Name, Fault Fault) : EventOutcome(MessageId);

    /// <summary>Not kept at all.</summary>
    public sealed record Rejected(string MessageId, Fault Fault) : EventOutcome(MessageId);
}
