using Commerce.Collection;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.TopicWriting;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Ingest.Kafka;

/// <summary>Sends outcomes to the topics where they belong.</summary>
internal sealed class EventPublisher(EventProducer producer, RawSealer sealer, ISchemaRegistryClient registry)
{
    /// <summary>Raw bytes in one quarantine record: with its envelope below Kafka's usual message limit of 1 MiB.</summary>
    private const int QuarantinePartBytes = 900 * 1024;

    private readonly AvroEncoder<CollectedEvent> _events = new(Topics.CollectionEvents, registry);
    private readonly AvroEncoder<QuarantinedEvent> _quarantine = new(Topics.CollectionQuarantine, registry);
    private readonly AvroEncoder<StockCommand> _stock = new(Topics.InventoryStockCommands, registry);

    /// <summary>Queues what <paramref name="outcome"/> asks for. Rejected events go nowhere.</summary>
    public async ValueTask PublishAsync(DeliveryBatch batch, EventOutcome outcome, ReadOnlyMemory<byte> raw, SourceProfile source, DateTimeOffset receivedAt)
    {
        switch (outcome)
        {
            case EventOutcome.Collected collected:
                producer.Produce(batch, _events.Topic, collected.Key, await _events.EncodeAsync(collected.Event));
                break;
            case EventOutcome.Stock stock:
                producer.Produce(batch, _stock.Topic, $"{stock.Command.Platform}/{stock.Command.Sku}", await _stock.EncodeAsync(stock.Command));
                break;
            case EventOutcome.Quarantined refused:
                await QuarantineAsync(batch, refused, raw, source, receivedAt);
                break;
        }
    }

    /// <summary>Keeps refused bytes, sealed; more than a record can hold goes into several, in order, under one key.</summary>
    public async ValueTask QuarantineAsync(
        DeliveryBatch batch, EventOutcome.Quarantined refused, ReadOnlyMemory<byte> raw, SourceProfile source, DateTimeOffset receivedAt)
    {
        var parts = Math.Max(1, (raw.Length + QuarantinePartBytes - 1) / QuarantinePartBytes);
        for (var part = 0; part < parts; part++)
        {
            var slice = raw.Slice(part * QuarantinePartBytes, Math.Min(QuarantinePartBytes, raw.Length - (part * QuarantinePartBytes)));
            var record = new QuarantinedEvent
            {
                Source = source.Source,
                MessageId = part == 0 ? refused.MessageId : $"{refused.MessageId}#{part + 1}",
                Name = refused.Name,
                Reason = refused.Fault.Reason,
                Detail = parts == 1 ? refused.Fault.Detail : $"{refused.Fault.Detail} (part {part + 1} of {parts})",
                ReceivedAt = receivedAt,
                Raw = sealer.Seal(WithoutCard(refused.Fault.Reason, slice.Span)),
            };
            producer.Produce(batch, _quarantine.Topic, $"{source.Source.Id}/{refused.MessageId}", await _quarantine.EncodeAsync(record));
        }
    }

    // Not even sealed: keys can be lost, and a card number that is not there cannot be.
    private static ReadOnlySpan<byte> WithoutCard(string reason, ReadOnlySpan<byte> raw)
    {
        if (reason != Reasons.CardNumber && !CardNumber.IsIn(raw))
            return raw;
        var masked = raw.ToArray();
        CardNumber.Mask(masked);
        return masked;
    }
}
