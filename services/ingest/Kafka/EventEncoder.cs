using Avro.Specific;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Ingest.Kafka;

/// <summary>Records of one topic as Avro in Confluent's wire format, with the schema that provisioning registered.</summary>
internal sealed class EventEncoder<T>(Topic<T> topic, ISchemaRegistryClient registry)
    where T : class, ISpecificRecord
{
    // Looked up, never registered: a service that could register a schema could also break every reader.
    private static readonly AvroSerializerConfig Settings = new() { AutoRegisterSchemas = false, UseLatestVersion = false };

    private readonly AvroSerializer<T> _serializer = new(registry, Settings);
    private readonly SerializationContext _context = new(MessageComponentType.Value, topic.Name);

    public string Topic => topic.Name;

    /// <summary>Completes synchronously once the schema's id is known.</summary>
    public Task<byte[]> EncodeAsync(T record) => _serializer.SerializeAsync(record, _context);

    /// <summary>Null when the registry knows the schema, else what is wrong, in one sentence.</summary>
    public async Task<string?> CheckAsync()
    {
        try
        {
            await registry.LookupSchemaAsync(topic.ValueSubject, new Schema(topic.ValueSchema.ToString(), SchemaType.Avro), ignoreDeletedSchemas: true);
            return null;
        }
        catch (SchemaRegistryException missing)
        {
            return $"the schema registry does not have this version of {topic.ValueSubject} ({(int)missing.Status}); provisioning registers it";
        }
        catch (HttpRequestException away)
        {
            return $"the schema registry does not answer: {away.Message}";
        }
    }
}
