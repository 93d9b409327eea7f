using System.Net;
using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// Confluent's Avro serdes. They ask the registry only for what they have not seen: ids of our own schemas are fetched before the start
/// (<see cref="SchemaWarmUp"/>), so that the only wait left is the first record of a writer's new schema.
/// </summary>
internal sealed class ConfluentSerdes(ISchemaRegistryClient registry) : ISerdes
{
    // The strategy is named, or the client asks the registry for one that only Confluent's own has, and gets 404 for each topic.
    private static readonly AvroSerializerConfig Writing = new()
    {
        AutoRegisterSchemas = false,
        UseLatestVersion = false,
        SubjectNameStrategy = SubjectNameStrategy.Topic,
    };

    private static readonly AvroDeserializerConfig Reading = new() { SubjectNameStrategy = SubjectNameStrategy.Topic };

    public IValueSerde<T> For<T>(Topic<T> topic) where T : class, ISpecificRecord => new Serde<T>(registry, topic.Name);

    private sealed class Serde<T>(ISchemaRegistryClient registry, string topic) : IValueSerde<T> where T : class, ISpecificRecord
    {
        private readonly SerializationContext _context = new(MessageComponentType.Value, topic);
        // Not AsSyncOverAsync: it sends every value through the thread pool and back, 13 µs of CPU against 1 µs. For a schema that was seen
        // these tasks are complete when they are returned; for a new one the topology's own thread, which has no context, waits.
        private readonly AvroSerializer<T> _serializer = new(registry, Writing);
        private readonly AvroDeserializer<T> _deserializer = new(registry, Reading);

        public byte[] Write(T value)
        {
            try
            {
                return _serializer.SerializeAsync(value, _context).GetAwaiter().GetResult();
            }
            catch (Exception failure) when (IsUnavailable(failure))
            {
                throw new RegistryUnavailableException(failure);
            }
        }

        public T Read(byte[] bytes)
        {
            try
            {
                return _deserializer.DeserializeAsync(bytes, isNull: false, _context).GetAwaiter().GetResult();
            }
            catch (Exception failure) when (IsUnavailable(failure))
            {
                throw new RegistryUnavailableException(failure);
            }
        }
    }

    private static bool IsUnavailable(Exception? failure) => failure switch
    {
        null => false,
        SchemaRegistryException answer => answer.Status >= HttpStatusCode.InternalServerError,
        HttpRequestException or TaskCanceledException or TimeoutException => true,
        _ => IsUnavailable(failure.InnerException),
    };
}
