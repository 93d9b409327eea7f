using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Provisioning;

internal sealed class TopicProvisioner(IAdminClient admin, ProvisioningOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>A run's items in the catalogue's order, and what its operator should know.</summary>
    public async Task<(IReadOnlyList<ProvisionedItem> Items, IReadOnlyList<string> Notices)> ProvisionAsync(IReadOnlyList<Topic> topics, CancellationToken cancellationToken)
    {
        try
        {
            var before = await LookAsync(cancellationToken);
            if (before.Topics.ContainsKey(Repartitioning.Journal))
                throw new ProvisioningException(Repartitioning.Unfinished);
            var missing = topics.Where(topic => !before.Topics.ContainsKey(topic.Name)).ToList();
            var now = missing.Count == 0 ? before : await CreateAsync(missing, cancellationToken);
            // New topics as well: how many replicas the broker gave them, and what it demands of writes by itself, shows only now.
            var effective = await EffectiveAsync(topics, cancellationToken);
            var changes = await AlignAsync(topics, now.Topics, effective);
            return (
                [.. topics.Select(topic => Describe(topic, before.Topics.GetValueOrDefault(topic.Name)?.Partitions, changes.GetValueOrDefault(topic.Name)))],
                TopicNotices.Of(topics, now.Brokers, now.Topics, effective));
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

    private ProvisionedItem Describe(Topic topic, int? partitions, string? changes) => (partitions, changes) switch
    {
        (null, _) => new ProvisionedItem(
            topic.Name, ProvisioningOutcome.Created, $"{PartitionsOf(topic)} partitions, {topic.CleanupPolicy}" + (changes is null ? "" : ", " + changes)),
        (_, { } changed) => new ProvisionedItem(topic.Name, ProvisioningOutcome.Changed, changed),
        _ when partitions != PartitionsOf(topic) => new ProvisionedItem(
            topic.Name, ProvisioningOutcome.Differs, $"has {partitions} partitions, the catalogue says {PartitionsOf(topic)}"),
        _ => new ProvisionedItem(topic.Name, ProvisioningOutcome.Unchanged, ""),
    };

    private int PartitionsOf(Topic topic) => topic.PartitionsAt(options.PartitionsMultiple);

    // The client has no asynchronous form of this call.
    private Task<Cluster> LookAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var metadata = admin.GetMetadata(options.RequestTimeout);
            var topics = metadata.Topics.Where(topic => !topic.Error.IsError && topic.Partitions.Count > 0).ToDictionary(
                topic => topic.Topic,
                topic => new FoundTopic(
                    topic.Partitions.Count, topic.Partitions.TrueForAll(partition => partition.Leader >= 0), topic.Partitions.Min(partition => partition.Replicas.Length)),
                StringComparer.Ordinal);
            return new Cluster(metadata.Brokers.Count, topics);
        },
        cancellationToken);

    private async Task<Cluster> CreateAsync(List<Topic> missing, CancellationToken cancellationToken)
    {
        var specifications = missing.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = PartitionsOf(topic),
            ReplicationFactor = options.ReplicationFactor,
            Configs = TopicSettings.Of(topic),
        });
        try
        {
            await admin.CreateTopicsAsync(specifications, new CreateTopicsOptions { RequestTimeout = options.RequestTimeout, OperationTimeout = options.RequestTimeout });
        }
        catch (CreateTopicsException refused) when (refused.Results.All(each => !each.Error.IsError || each.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another provisioner was faster: that is what idempotent means.
        }

        return await UsableAsync(missing, cancellationToken);
    }

    /// <summary>Creation is acknowledged before every broker knows the leaders; the first produce would meet an unknown topic.</summary>
    private async Task<Cluster> UsableAsync(List<Topic> created, CancellationToken cancellationToken)
    {
        var cluster = new Cluster(0, new Dictionary<string, FoundTopic>());
        await UntilAsync(
            async () =>
            {
                cluster = await LookAsync(cancellationToken);
                return created.TrueForAll(topic => cluster.Topics.GetValueOrDefault(topic.Name) is { Led: true });
            },
            "Topics were created but got no leaders", cancellationToken);
        return cluster;
    }

    /// <summary>Every setting in force. A broker that has not heard of a new topic yet is asked again.</summary>
    private async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> EffectiveAsync(IReadOnlyList<Topic> topics, CancellationToken cancellationToken)
    {
        var effective = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (topics.Count == 0)
            return effective;
        await UntilAsync(
            async () =>
            {
                try
                {
                    var described = await admin.DescribeConfigsAsync(topics.Select(ResourceOf), new DescribeConfigsOptions { RequestTimeout = options.RequestTimeout });
                    foreach (var each in described)
                        effective[each.ConfigResource.Name] = each.Entries.Values.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
                    return true;
                }
                catch (DescribeConfigsException unknown) when (unknown.Results.All(each => !each.Error.IsError || each.Error.Code == ErrorCode.UnknownTopicOrPart))
                {
                    return false;
                }
            },
            "Topics were created but their settings are not known", cancellationToken);
        return effective;
    }

    /// <summary>Sets what is missing, and answers what that was, by topic. <paramref name="effective"/> has it afterwards.</summary>
    private async Task<Dictionary<string, string>> AlignAsync(
        IReadOnlyList<Topic> topics, IReadOnlyDictionary<string, FoundTopic> found, Dictionary<string, IReadOnlyDictionary<string, string>> effective)
    {
        var changes = new Dictionary<string, string>(StringComparer.Ordinal);
        var alterations = new Dictionary<ConfigResource, List<ConfigEntry>>();
        foreach (var topic in topics)
        {
            var missing = TopicSettings.Missing(topic, found[topic.Name].Replicas, effective[topic.Name]);
            if (missing.Count == 0)
                continue;
            alterations[ResourceOf(topic)] =
                [.. missing.Select(wanted => new ConfigEntry { Name = wanted.Key, Value = wanted.Value, IncrementalOperation = AlterConfigOpType.Set })];
            changes[topic.Name] = string.Join(", ", missing.Select(wanted => $"{wanted.Key}={wanted.Value}"));
            effective[topic.Name] = new Dictionary<string, string>([.. effective[topic.Name].Where(entry => !missing.ContainsKey(entry.Key)), .. missing], StringComparer.Ordinal);
        }

        if (alterations.Count > 0)
            await admin.IncrementalAlterConfigsAsync(alterations, new IncrementalAlterConfigsOptions { RequestTimeout = options.RequestTimeout });
        return changes;
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, string otherwise, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.RequestTimeout);
        while (!await isSo())
        {
            try
            {
                await Task.Delay(PollInterval, deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProvisioningException($"{otherwise} within {options.RequestTimeout.TotalSeconds} s");
            }
        }
    }

    private static ConfigResource ResourceOf(Topic topic) => new() { Type = ResourceType.Topic, Name = topic.Name };

    private sealed record Cluster(int Brokers, IReadOnlyDictionary<string, FoundTopic> Topics);
}
