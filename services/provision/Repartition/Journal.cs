using System.Text;
using System.Text.Json;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>A topic that has been copied.</summary>
/// <param name="Digest">Of the copy.</param>
/// <param name="Ends">Where the original's partitions ended.</param>
/// <param name="Settings">What was set for the original itself, and what provisioning would have set besides.</param>
internal sealed record CopiedTopic(string Digest, IReadOnlyList<long> Ends, short Replicas, Dictionary<string, string> Settings);

/// <summary>What has happened so far. Its words are what makes it safe to be killed: each is on Kafka before the step that rests on it.</summary>
internal sealed record Progress
{
    public required int From { get; init; }

    public required int To { get; init; }

    /// <summary>Where the partitions of topics that are not copied ended, by topic.</summary>
    public required Dictionary<string, long[]> Ends { get; init; }

    public Dictionary<string, CopiedTopic> Copied { get; init; } = [];

    /// <summary>All is copied, and originals may be changed: from here on the only way is forward.</summary>
    public bool IsChanging { get; set; }

    public HashSet<string> Made { get; init; } = [];
}

/// <summary>The topic that keeps <see cref="Progress"/>, one record for each step. It is there exactly while partitions are being raised.</summary>
internal sealed class Journal(KafkaCluster kafka)
{
    private const string MinInSync = "min.insync.replicas";

    private sealed record Step(Progress? Begun = null, string? Topic = null, CopiedTopic? Copied = null, bool Changing = false, string? Made = null);

    /// <summary>Null when nothing is under way.</summary>
    public Progress? Read(CancellationToken cancellation)
    {
        if (!kafka.Topics().ContainsKey(Repartitioning.Journal))
            return null;
        Progress? progress = null;
        kafka.Read([new TopicPartitionOffset(Repartitioning.Journal, 0, RecordReading.Beginning)], record =>
        {
            var step = JsonSerializer.Deserialize<Step>(record.Message.Value!)!;
            progress ??= step.Begun;
            if (step.Copied is not null)
                progress!.Copied[step.Topic!] = step.Copied;
            progress!.IsChanging |= step.Changing;
            if (step.Made is not null)
                progress.Made.Add(step.Made);
        }, cancellation);
        return progress;
    }

    /// <summary>Makes the topic, if a former run has not, and says what is to be done.</summary>
    /// <param name="others">Settings of a topic that the journal must be as durable as.</param>
    public async Task BeginAsync(Progress progress, short replicas, IReadOnlyDictionary<string, string> others, CancellationToken cancellation)
    {
        if (!kafka.Topics().ContainsKey(Repartitioning.Journal))
        {
            var durable = others.Where(each => each.Key == MinInSync).ToDictionary(StringComparer.Ordinal);
            await kafka.CreateAsync(Repartitioning.Journal, 1, replicas, ForKeeps(durable), cancellation);
        }

        Write(new Step(Begun: progress), cancellation);
    }

    public void Copied(string topic, CopiedTopic copied, CancellationToken cancellation) => Write(new Step(Topic: topic, Copied: copied), cancellation);

    public void Changing(CancellationToken cancellation) => Write(new Step(Changing: true), cancellation);

    public void Made(string topic, CancellationToken cancellation) => Write(new Step(Made: topic), cancellation);

    public Task EndAsync(CancellationToken cancellation) => kafka.DeleteAsync(Repartitioning.Journal, cancellation);

    /// <summary>Settings of a topic that must lose nothing by itself.</summary>
    public static Dictionary<string, string> ForKeeps(IReadOnlyDictionary<string, string> others)
    {
        var settings = new Dictionary<string, string>(others, StringComparer.Ordinal)
        {
            ["cleanup.policy"] = "delete",
            ["retention.ms"] = "-1",
            ["retention.bytes"] = "-1",
        };
        return settings;
    }

    private void Write(Step step, CancellationToken cancellation)
    {
        // A step that is told twice is the same step.
        using var writer = kafka.Writer(once: false);
        writer.Write(
            new TopicPartition(Repartitioning.Journal, 0),
            new Message<byte[], byte[]?> { Key = Encoding.UTF8.GetBytes("step"), Value = JsonSerializer.SerializeToUtf8Bytes(step) }, cancellation);
        writer.Flush(cancellation);
    }
}
