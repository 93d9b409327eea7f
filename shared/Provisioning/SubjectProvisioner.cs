using Commerce.Streaming.Contracts;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Provisioning;

internal sealed class SubjectProvisioner(ISchemaRegistryClient registry)
{
    private const Compatibility Level = Compatibility.BackwardTransitive;
    private const int ParallelRequestsMax = 8;

    public async Task<IReadOnlyList<ProvisionedItem>> ProvisionAsync(IReadOnlyList<Topic> topics, CancellationToken cancellationToken)
    {
        var results = new ProvisionedItem[topics.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelRequestsMax, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, topics.Count, parallel, async (index, _) => results[index] = await ProvisionAsync(topics[index]));
        return results;
    }

    private async Task<ProvisionedItem> ProvisionAsync(Topic topic)
    {
        var subject = topic.ValueSubject;
        // What the serializers look up is this very text: Avro's own rendering of the record's schema.
        var schema = new Schema(topic.ValueSchema.ToString(), SchemaType.Avro);
        try
        {
            var known = await FindAsync(subject, schema);
            var levelChanged = await AlignLevelAsync(subject);
            if (known is { } id)
            {
                return levelChanged
                    ? new ProvisionedItem(subject, ProvisioningOutcome.Changed, $"id {id}, {Level}")
                    : new ProvisionedItem(subject, ProvisioningOutcome.Unchanged, $"id {id}");
            }

            var registered = await registry.RegisterSchemaAsync(subject, schema);
            await AlignLevelAsync(subject);
            return new ProvisionedItem(subject, ProvisioningOutcome.Created, $"id {registered}");
        }
        catch (SchemaRegistryException refused)
        {
            throw new ProvisioningException($"Schema registry refused {subject}: {refused.Message}", refused);
        }
        catch (HttpRequestException unreachable)
        {
            throw new ProvisioningException($"Schema registry: {unreachable.Message}", unreachable);
        }
    }

    private async Task<int?> FindAsync(string subject, Schema schema)
    {
        try
        {
            return (await registry.LookupSchemaAsync(subject, schema, ignoreDeletedSchemas: true)).Id;
        }
        catch (SchemaRegistryException missing) when (missing.Status == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Sets the compatibility level; false when it was set already or the registry wants the subject to exist first.</summary>
    private async Task<bool> AlignLevelAsync(string subject)
    {
        try
        {
            if (await registry.GetCompatibilityAsync(subject) == Level)
                return false;
        }
        catch (SchemaRegistryException notSet) when (notSet.Status == System.Net.HttpStatusCode.NotFound)
        {
            // No level of its own yet.
        }

        try
        {
            await registry.UpdateCompatibilityAsync(Level, subject);
            return true;
        }
        catch (SchemaRegistryException missing) when (missing.Status == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
