using Commerce.Streaming.Contracts;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>Looks up the ids of all schemas that the topology writes.</summary>
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
            try
            {
                await registry.GetSchemaIdAsync(topic.ValueSubject, new Schema(topic.ValueSchema.ToString(), SchemaType.Avro));
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

        return null;
    }
}
