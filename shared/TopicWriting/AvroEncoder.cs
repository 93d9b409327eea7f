using Avro.Specific;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.TopicWriting;

/// <summary>Values of one topic as Avro in Confluent's wire format, by the schema that provisioning registered. Thread-safe.</summary>
public sealed class AvroEncoder<T>(Topic<T> topic, ISchemaRegistryClient registry)
    where T : class, ISpecificRecord
{
    // Looked up, never registered: a service that could register a schema could also break every reader.
    // The strategy is named, or the client asks the registry for one that only Confluent's own has, and gets 404 for each topic.
    private static readonly AvroSerializerConfig Settings = new()
    {
        AutoRegisterSchemas = false,
        UseLatestVersion = false,
        SubjectNameStrategy = SubjectNameStrategy.Topic,
    };

    private readonly AvroSerializer<T> _serializer = new(registry, Settings);
    private readonly SerializationContext _context = new(MessageComponentType.Value, topic.Name);

    /// <summary>Name of the topic.</summary>
    public string Topic => topic.Name;

    /// <summary>Completes synchronously once the schema's id is known.</summary>
    /// <exception cref="SchemaRegistryException">The schema is not registered.</exception>
    /// <exception cref="HttpRequestException">The registry does not answer.</exception>
    public Task<byte[]> EncodeAsync(T record) => _serializer.SerializeAsync(record, _context);
}
