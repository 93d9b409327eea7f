using System.Globalization;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Provisioning;

internal sealed class TopicProvisioner(IAdminClient admin, ProvisioningOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The segment that is written to is never compacted. With Kafka's defaults (1 GB, 7 days) a changelog would be all open segment, and a
    /// restart would read every change of a week instead of the last of each key.
    /// </summary>
    private const int CompactedSegmentBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan CompactedSegmentAge = TimeSpan.FromHours(6);

    public async Task<IReadOnlyList<ProvisionedItem>> ProvisionAsync(IReadOnlyList<Topic> topics, CancellationToken cancellationToken)
    {
        try
        {
            var partitions = await PartitionsAsync(cancellationToken);
            if (partitions.ContainsKey(Repartitioning.Journal))
                throw new ProvisioningException(Repartitioning.Unfinished);
            var missing = topics.Where(topic => !partitions.ContainsKey(topic.Name)).ToList();
            var present = topics.Where(topic => partitions.ContainsKey(topic.Name)).ToList();
            await CreateAsync(missing, cancellationToken);
            var changes = await AlignSettingsAsync(present, cancellationToken);
            return [.. topics.Select(topic => Describe(topic, partitions.GetValueOrDefault(topic.Name), changes.GetValueOrDefault(topic.Name)))];
        }
        catch (CreateTopicsException refused)
        {
            throw new ProvisioningException(
                "Kafka refused topics: " + string.Join("; ", refused.Results.Where(each => each.Error.IsError).Select(each => $"{each.Topic}: {each.Error.Reason}")),
                refused);
        }
        catch (KafkaException failure)
        {
            throw new ProvisioningException($"Kafka: {failure.Error.Reason}", failure);
        }
    }

    /// <summary>The settings that the catalogue decides; everything else stays as the broker or the operator has it.</summary>
    internal static Dictionary<string, string> SettingsOf(Topic topic)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = topic.CleanupPolicy };
        if (topic.Retention is { } retention)
            settings["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (topic.CleanupPolicy.Contains("compact", StringComparison.Ordinal))
        {
            settings["segment.bytes"] = CompactedSegmentBytes.ToString(CultureInfo.InvariantCulture);
            settings["segment.ms"] = ((long)CompactedSegmentAge.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        return settings;
    }

    private ProvisionedItem Describe(Topic topic, int partitions, string? changes) => (partitions, changes) switch
    {
        (0, _) => new ProvisionedItem(topic.Name, ProvisioningOutcome.Created, $"{PartitionsOf(topic)} partitions, {topic.CleanupPolicy}"),
        (_, { } changed) => new ProvisionedItem(topic.Name, ProvisioningOutcome.Changed, changed),
        _ when partitions != PartitionsOf(topic) => new ProvisionedItem(
            topic.Name, ProvisioningOutcome.Differs, $"has {partitions} partitions, the catalogue says {PartitionsOf(topic)}"),
        _ => new ProvisionedItem(topic.Name, ProvisioningOutcome.Unchanged, ""),
    };

    private int PartitionsOf(Topic topic) => topic.PartitionsAt(options.PartitionsMultiple);

    // The client has no asynchronous form of this call.
    private Task<Dictionary<string, int>> PartitionsAsync(CancellationToken cancellationToken) => Task.Run(
        () => admin.GetMetadata(options.RequestTimeout).Topics
            .Where(topic => !topic.Error.IsError)
            .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count(partition => partition.Leader >= 0), StringComparer.Ordinal),
        cancellationToken);

    private async Task CreateAsync(List<Topic> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0)
            return;
        var specifications = missing.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = PartitionsOf(topic),
            ReplicationFactor = options.ReplicationFactor,
            Configs = SettingsOf(topic),
        });
        try
        {
            await admin.CreateTopicsAsync(specifications, new CreateTopicsOptions { RequestTimeout = options.RequestTimeout, OperationTimeout = options.RequestTimeout });
        }
        catch (CreateTopicsException refused) when (refused.Results.All(each => !each.Error.IsError || each.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another provisioner was faster: that is what idempotent means.
        }

        await UsableAsync(missing, cancellationToken);
    }

    /// <summary>Creation is acknowledged before every broker knows the leaders; the first produce would meet an unknown topic.</summary>
    private async Task UsableAsync(List<Topic> created, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.RequestTimeout);
        while (true)
        {
            var partitions = await PartitionsAsync(cancellationToken);
            if (created.TrueForAll(topic => partitions.GetValueOrDefault(topic.Name) > 0))
                return;
            try
            {
                await Task.Delay(PollInterval, deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProvisioningException($"Topics were created but got no leaders within {options.RequestTimeout.TotalSeconds} s");
            }
        }
    }

    private async Task<Dictionary<string, string>> AlignSettingsAsync(List<Topic> present, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (present.Count == 0)
            return changes;
        var described = await admin.DescribeConfigsAsync(
            present.Select(ResourceOf), new DescribeConfigsOptions { RequestTimeout = options.RequestTimeout });
        cancellationToken.ThrowIfCancellationRequested();
        var alterations = new Dictionary<ConfigResource, List<ConfigEntry>>();
        foreach (var topic in present)
        {
            var current = described.Single(each => each.ConfigResource.Name == topic.Name).Entries;
            var wrong = SettingsOf(topic).Where(wanted => !current.TryGetValue(wanted.Key, out var has) || has.Value != wanted.Value).ToList();
            if (wrong.Count == 0)
                continue;
            alterations[ResourceOf(topic)] =
                [.. wrong.Select(wanted => new ConfigEntry { Name = wanted.Key, Value = wanted.Value, IncrementalOperation = AlterConfigOpType.Set })];
            changes[topic.Name] = string.Join(", ", wrong.Select(wanted => $"{wanted.Key}={wanted.Value}"));
        }

        if (alterations.Count > 0)
            await admin.IncrementalAlterConfigsAsync(alterations, new IncrementalAlterConfigsOptions { RequestTimeout = options.RequestTimeout });
        return changes;
    }

    private static ConfigResource ResourceOf(Topic topic) => new() { Type = ResourceType.Topic, Name = topic.Name };
}
