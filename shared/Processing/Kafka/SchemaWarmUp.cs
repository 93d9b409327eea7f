using Commerce.Streaming.Contracts;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// Looks up all schemas that the topology writes, by id and content, and those in which it expects its inputs: who has them goes on without
/// a registry, and can restore its state without one, since changelogs are read in the schemas that we write.
/// </summary>
internal static class SchemaWarmUp
{
    /// <summary>Null when all are there, else what is missing, in one sentence.</summary>
    public static async Task<string?> FaultAsync(Topology topology, ISchemaRegistryClient registry)
    {
        var written = topology.Outputs
            .Concat(topology.Stores.Select(store => store.Changelog))
            .Append(topology.DeadLetters!);
        foreach (Topic topic in written)
        {
            if (await FaultAsync(topic, registry) is { } fault)
                return fault;
        }

        // Their writers register them; a writer with another schema than ours is no fault.
        foreach (var input in topology.Inputs)
            await FaultAsync(input.Topic, registry);
        return null;
    }

    private static async Task<string?> FaultAsync(Topic topic, ISchemaRegistryClient registry)
    {
        try
        {
            var id = await registry.GetSchemaIdAsync(topic.ValueSubject, new Schema(topic.ValueSchema.ToString(), SchemaType.Avro));
            await registry.GetSchemaBySubjectAndIdAsync(topic.ValueSubject, id);
            return null;
        }
        catch (SchemaRegistryException missing) when (missing.Status == System.Net.HttpStatusCode.NotFound)
        {
            return $"our schema is not registered as {topic.ValueSubject}";
        }
        catch (Exception unavailable) when (unavailable is HttpRequestException or SchemaRegistryException or TaskCanceledException)
        {
            return "the schema registry does not answer";
        }
    }
}
