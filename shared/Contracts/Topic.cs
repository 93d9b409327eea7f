using Avro.Specific;

namespace Commerce.Streaming.Contracts;

/// <summary>An entry of the topic catalogue. Keys are UTF-8 strings; values are Avro in Confluent's wire format.</summary>
/// <param name="Name">Name on the broker.</param>
/// <param name="ValueSchema">Schema of the value, registered as subject <c>{Name}-value</c>.</param>
public abstract record Topic(string Name, Avro.Schema ValueSchema)
{
    /// <summary>Service that owns topic and schema.</summary>
    public required string Owner { get; init; }

    /// <summary>What the key is, in words.</summary>
    public required string KeyMeaning { get; init; }

    /// <summary>Number of partitions at creation: the unit of scale and of co-partitioning.</summary>
    public required int Partitions { get; init; }

    /// <summary>Kafka's cleanup.policy: delete, compact or compact,delete.</summary>
    public required string CleanupPolicy { get; init; }

    /// <summary>How long records are kept; null for compacted topics, which keep the newest value of each key.</summary>
    public required TimeSpan? Retention { get; init; }

    /// <summary>Highest PII class of its fields: none, identifier, pseudonym or direct (sealed).</summary>
    public required string Pii { get; init; }

    /// <summary>What is in it.</summary>
    public required string Doc { get; init; }

    /// <summary>Registry subject of the value schema (Confluent's TopicNameStrategy).</summary>
    public string ValueSubject => Name + "-value";
}

/// <summary>A topic whose values are <typeparamref name="T"/>.</summary>
public sealed record Topic<T>(string Name, Avro.Schema ValueSchema) : Topic(Name, ValueSchema)
    where T : class, ISpecificRecord;
