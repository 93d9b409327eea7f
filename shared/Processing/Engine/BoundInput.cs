using Avro.Specific;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>An input with its serde: decodes a record and calls the handler.</summary>
internal abstract class BoundInput
{
    /// <exception cref="PoisonException">The record cannot be processed.</exception>
    public abstract void Handle(InputRecord raw, string key, DateTimeOffset timestamp, IProcessingContext context);
}

internal sealed class BoundInput<T>(IValueSerde<T> serde, RecordHandler<T> handler, DeletionHandler? whenDeleted) : BoundInput
    where T : class, ISpecificRecord
{
    public override void Handle(InputRecord raw, string key, DateTimeOffset timestamp, IProcessingContext context)
    {
        if (raw.Message.Value is not { } bytes)
        {
            if (whenDeleted is null)
                throw new PoisonException(DeadLetterReasons.UnexpectedDeletion, cause: null);
            whenDeleted(new DeletedRecord(key, timestamp, raw.Topic, raw.Partition.Value, raw.Offset.Value), context);
            return;
        }

        var value = Read(bytes);
        handler(new Record<T>(key, value, timestamp, raw.Topic, raw.Partition.Value, raw.Offset.Value, raw.Message.Headers), context);
    }

    private T Read(byte[] bytes)
    {
        try
        {
            return serde.Read(bytes);
        }
        catch (Exception malformed) when (malformed is not RegistryUnavailableException)
        {
            throw new PoisonException(DeadLetterReasons.Deserialization, malformed);
        }
    }
}

/// <summary>This record cannot be processed, now or later.</summary>
internal sealed class PoisonException(string reason, Exception? cause) : Exception(reason, cause)
{
    public string Reason { get; } = reason;
}
