using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Warehouse.Domain;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Reads the sink's topics: bytes to statements.</summary>
internal sealed class RecordReader
{
    private readonly ISchemaRegistryClient _registry;
    private readonly List<Topic> _topics = [];
    private readonly Dictionary<string, Func<ConsumeResult<byte[]?, byte[]?>, Task<Statement?>>> _byTopic = new(StringComparer.Ordinal);

    public RecordReader(ISchemaRegistryClient registry)
    {
        _registry = registry;
        Read(registry, Topics.OrdersCompleted, (order, raw) => new OrderStatement(order, raw.Partition.Value, raw.Offset.Value));
        Read(registry, Topics.OrdersRefunded, (refund, _) => new RefundStatement(refund));
        Read(registry, Topics.IdentityResolvedEvents, (resolved, _) => IdentityStatement.Of(resolved));
        Read(registry, Topics.IdentityProfileMerges, (merge, _) => new MergeStatement(merge));
        Read(registry, Topics.AttributionCredits, (credit, _) => new CreditStatement(credit));
        Read(registry, Topics.InventoryStockMovements, (movement, _) => new MovementStatement(movement));
        Read(registry, Topics.InventoryStockAvailability, (level, _) => new LevelStatement(level));
        Read(registry, Topics.CollectionQuarantine, (quarantined, _) => new QuarantineStatement(quarantined));
    }

    public IReadOnlyCollection<string> TopicNames => _byTopic.Keys;

    /// <summary>
    /// Asks for the schemas that the writers are expected to use, so that the first record of a topic needs no registry hours later. What
    /// is not answered now is asked for when it comes.
    /// </summary>
    public async Task WarmUpAsync()
    {
        foreach (var topic in _topics)
        {
            try
            {
                var id = await _registry.GetSchemaIdAsync(topic.ValueSubject, new Schema(topic.ValueSchema.ToString(), SchemaType.Avro));
                await _registry.GetSchemaBySubjectAndIdAsync(topic.ValueSubject, id);
            }
            catch (SchemaRegistryException)
            {
                // A writer with another schema than ours, or a registry in trouble.
            }
            catch (Exception away) when (IsRegistryAway(away))
            {
                return;
            }
        }
    }

    /// <exception cref="RegistryUnavailableException">The writer's schema cannot be fetched now; the record may be good.</exception>
    public async Task<SinkRecord> ReadAsync(ConsumeResult<byte[]?, byte[]?> raw)
    {
        // A deletion of a compacted topic: the tables keep what was.
        if (raw.Message.Value is null)
            return new SinkRecord(raw, Statement: null, Failure: null);
        try
        {
            return new SinkRecord(raw, await _byTopic[raw.Topic](raw), Failure: null);
        }
        catch (ContractException broken)
        {
            return new SinkRecord(raw, Statement: null, new LoadFailure(LoadFailure.Contract, broken.Message));
        }
        catch (Exception failure) when (IsRegistryAway(failure))
        {
            throw new RegistryUnavailableException(failure);
        }
        catch (Exception failure)
        {
            // Out of memory, too: Apache.Avro makes room for as many bytes as a length claims, and the next try would end the same way.
            return new SinkRecord(raw, Statement: null, new LoadFailure(LoadFailure.Deserialization, Describe(failure, raw.Message.Value)));
        }
    }

    /// <summary>What is wrong, without values.</summary>
    private static string Describe(Exception failure, byte[] value) => (WireFormat.SchemaId(value), failure) switch
    {
        (null, _) => "not in Confluent's wire format: it does not begin with a zero and a schema id",
        ({ } id, SchemaRegistryException) => $"schema {id} is not in the registry",
        ({ } id, _) => $"the bytes are not what schema {id} describes: {failure.GetType().FullName}",
    };

    private void Read<T>(ISchemaRegistryClient registry, Topic<T> topic, Func<T, ConsumeResult<byte[]?, byte[]?>, Statement?> state)
        where T : class, ISpecificRecord
    {
        _topics.Add(topic);
        var deserializer = new AvroDeserializer<T>(registry, new AvroDeserializerConfig { SubjectNameStrategy = SubjectNameStrategy.Topic });
        var context = new SerializationContext(MessageComponentType.Value, topic.Name);
        _byTopic.Add(topic.Name, async raw => state(await deserializer.DeserializeAsync(raw.Message.Value, isNull: false, context), raw));
    }

    /// <summary>A schema that the registry does not know makes a record unreadable; a registry that does not answer does not.</summary>
    private static bool IsRegistryAway(Exception failure) => failure switch
    {
        SchemaRegistryException answered => answered.Status is not (System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.UnprocessableEntity),
        HttpRequestException or TaskCanceledException or TimeoutException => true,
        _ => failure.InnerException is { } inner && IsRegistryAway(inner),
    };
}

/// <summary>The registry does not answer: a reason to wait, not to give a record up.</summary>
internal sealed class RegistryUnavailableException(Exception inner) : Exception("the schema registry does not answer", inner);
