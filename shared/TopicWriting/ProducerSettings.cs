using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;

namespace Commerce.Streaming.TopicWriting;

/// <summary>What every producer of the platform has in common.</summary>
public static class ProducerSettings
{
    /// <summary>
    /// Idempotent, acks=all, and Java's partitioner: all producers must agree on where a key lives, or co-partitioned topics fall apart.
    /// </summary>
    /// <param name="deliveryTimeout">How long a record is tried before its delivery report says that it failed.</param>
    public static ProducerConfig Reliable(KafkaOptions kafka, TimeSpan deliveryTimeout) => new(kafka.ToClientProperties())
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        Partitioner = Partitioner.Murmur2Random,
        MessageTimeoutMs = (int)deliveryTimeout.TotalMilliseconds,
    };
}
