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

    /// <summary>Partitions at the multiple 1: the unit of scale and of co-partitioning. How many there are is <see cref="PartitionsAt"/>.</summary>
    public required int Partitions { get; init; }

    /// <summary>Kafka's cleanup.policy: delete, compact or compact,delete.</summary>
    public required string CleanupPolicy { get; init; }

    /// <summary>How long records are kept; null for compacted topics, which keep the newest value of each key.</summary>
    public required TimeSpan? Retention { get; init; }

    /// <summary>Pipelines that read it, such as <c>attribution.credit</c>; their consumer groups are <c>commerce.</c> and the name.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>Of a compacted topic with several partitions: where its entries belong. Null for every other.</summary>
    public Home? Home { get; init; }

    /// <summary>Highest PII class of its fields: none, identifier, pseudonym or direct (sealed).</summary>
    public required string Pii { get; init; }

    /// <summary>What is in it.</summary>
    public required string Doc { get; init; }

    /// <summary>
    /// Partitions of a platform that was installed with this multiple (<c>Kafka:PartitionsMultiple</c>). A topic with one partition keeps
    /// its one writer.
    /// </summary>
    public int PartitionsAt(int multiple) => Partitions == 1 ? 1 : checked(Partitions * multiple);

    /// <summary>Registry subject of the value schema (Confluent's TopicNameStrategy).</summary>
    public string ValueSubject => Name + "-value";
}

/// <summary>A topic whose values are <typeparamref name="T"/>.</summary>
public sealed record Topic<T>(string Name, Avro.Schema ValueSchema) : Topic(Name, ValueSchema)
    where T : class, ISpecificRecord;
