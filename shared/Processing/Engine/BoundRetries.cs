using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Engine;

internal sealed record RetriesDefinition(Topic<Retry> TypedTopic) : InputDefinition(TypedTopic)
{
    public override BoundInput Bind(ISerdes serdes) => new BoundRetries(serdes.For(TypedTopic));
}

/// <summary>The input of retries: what it holds is unwrapped and goes to the input that it first came from.</summary>
internal sealed class BoundRetries(IValueSerde<Retry> serde) : BoundInput
{
    public override void Handle(InputRecord raw, string key, DateTimeOffset timestamp, IProcessingContext context) =>
        throw new InvalidOperationException("a retry is unwrapped before it is handled");

    /// <exception cref="PoisonException">It cannot be read.</exception>
    public Retry Read(byte[]? bytes)
    {
        if (bytes is null)
            throw new PoisonException(DeadLetterReasons.UnexpectedDeletion, cause: null);
        try
        {
            return serde.Read(bytes);
        }
        catch (Exception malformed) when (malformed is not RegistryUnavailableException)
        {
            throw new PoisonException(DeadLetterReasons.Deserialization, malformed);
        }
    }

    /// <summary>The record as it first came.</summary>
    public static InputRecord Unwrap(InputRecord raw, Retry retry, byte[]? value) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset(retry.Topic, retry.Partition, retry.Offset),
        Message = new Message<byte[]?, byte[]?>
        {
            Key = raw.Message.Key,
            Value = value,
            Timestamp = new Timestamp(retry.Timestamp),
            Headers = raw.Message.Headers,
        },
    };
}
