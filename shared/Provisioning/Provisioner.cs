using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Provisioning;

/// <param name="ReplicationFactor">Copies of each topic; -1 leaves it to the broker's default.</param>
/// <param name="Timeout">Longest wait for one request, and for new topics to become usable.</param>
/// <param name="PartitionsMultiple">By how much new topics have more partitions than they say, but for those with one.</param>
public sealed record ProvisioningOptions(short ReplicationFactor = -1, TimeSpan? Timeout = null, int PartitionsMultiple = 1)
{
    internal TimeSpan RequestTimeout => Timeout ?? TimeSpan.FromSeconds(30);
}

/// <summary>
/// Makes Kafka and the schema registry as the topic catalogue says: topics with their settings, value schemas with
/// BACKWARD_TRANSITIVE compatibility. Running it again changes nothing.
/// </summary>
public sealed class Provisioner : IDisposable
{
    private readonly IAdminClient _admin;
    private readonly CachedSchemaRegistryClient _registry;
    private readonly ProvisioningOptions _options;

    /// <param name="kafka">librdkafka properties, bootstrap.servers at least.</param>
    /// <param name="registry">schema.registry.* properties, schema.registry.url at least.</param>
    public Provisioner(
        IEnumerable<KeyValuePair<string, string>> kafka, IEnumerable<KeyValuePair<string, string>> registry, ProvisioningOptions? options = null)
    {
        _options = options ?? new ProvisioningOptions();
        _admin = new AdminClientBuilder(kafka)
            // Without a handler librdkafka writes to stderr in a format of its own; failures reach the caller as exceptions anyway.
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        _registry = new CachedSchemaRegistryClient(registry);
    }

    /// <summary>Provisions <paramref name="topics"/>, usually <c>Topics.All</c>.</summary>
    /// <exception cref="ProvisioningException">Kafka or the registry refused or did not answer in time.</exception>
    public async Task<ProvisioningResult> ProvisionAsync(IReadOnlyList<Topic> topics, CancellationToken cancellationToken = default)
    {
        var topicResults = new TopicProvisioner(_admin, _options).ProvisionAsync(topics, cancellationToken);
        var subjectResults = new SubjectProvisioner(_registry).ProvisionAsync(topics, cancellationToken);
        await Task.WhenAll(topicResults, subjectResults);
        var (items, notices) = await topicResults;
        return new ProvisioningResult(items, await subjectResults, notices);
    }

    /// <summary>What would have to be set for <paramref name="topic"/>, had it these replicas and <paramref name="effective"/> settings in force.</summary>
    public static IReadOnlyDictionary<string, string> MissingSettings(Topic topic, int replicas, IReadOnlyDictionary<string, string> effective) =>
        TopicSettings.Missing(topic, replicas, effective);

    public void Dispose()
    {
        _admin.Dispose();
        _registry.Dispose();
    }
}
