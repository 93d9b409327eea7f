using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Dapper;
using Npgsql;

namespace Commerce.Streaming.Verification.Drain;

/// <summary>
/// Compares committed offsets with the ends of the topics. The end of a transactional topic is behind the last record by its
/// marker, so what seems to be missing is looked at: only records count.
/// </summary>
public sealed class DrainProbe : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, IReadOnlyList<TopicPartition>> _partitions = new(StringComparer.Ordinal);
    private readonly IAdminClient _admin;
    private readonly IConsumer<Ignore, Ignore> _reader;
    private readonly CommittedOffsets _committed;
    private readonly NpgsqlDataSource _database;

    /// <param name="kafka">Properties of a client: bootstrap.servers, and what the cluster asks for. Each client takes a copy.</param>
    /// <param name="database">The warehouse.</param>
    public DrainProbe(IReadOnlyDictionary<string, string> kafka, NpgsqlDataSource database)
    {
        _database = database;
        _committed = new CommittedOffsets(kafka);
        _admin = new AdminClientBuilder(new AdminClientConfig(kafka.ToDictionary()))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _reader = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(kafka.ToDictionary())
        {
            GroupId = "commerce.verify", // named only: it subscribes to nothing and commits nothing
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <exception cref="KafkaException">Kafka cannot be reached.</exception>
    public async Task<DrainStatus> LookAsync(CancellationToken cancellation)
    {
        var partitions = Pipelines.Inputs.Values.SelectMany(topics => topics).Distinct().SelectMany(PartitionsOf).ToList();
        var ends = await EndsAsync(partitions, IsolationLevel.ReadUncommitted, cancellation);
        var stable = await EndsAsync(partitions, IsolationLevel.ReadCommitted, cancellation);
        var behind = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (group, topics) in Pipelines.Inputs)
        {
            var committed = await CommittedAsync(group, topics, cancellation);
            var lag = 0L;
            var suspects = new List<TopicPartitionOffset>();
            foreach (var partition in topics.SelectMany(PartitionsOf))
            {
                var next = committed.GetValueOrDefault(partition);
                if (next >= ends[partition])
                    continue;
                lag += ends[partition] - next;
                suspects.Add(new TopicPartitionOffset(partition, next));
            }
            var open = topics.SelectMany(PartitionsOf).Any(partition => stable[partition] < ends[partition]);
            if (open || (suspects.Count > 0 && HoldRecords(suspects, cancellation)))
                behind.Add(group, Math.Max(lag, 1));
        }
        return new DrainStatus(behind, ends.Values.Sum());
    }

    /// <summary>Records that pipelines set aside because they could not process them, by topic.</summary>
    public async Task<IReadOnlyDictionary<string, long>> DeadLettersAsync()
    {
        var topics = Topics.All.Where(topic => topic.Name.EndsWith(".dlq.v1", StringComparison.Ordinal)).ToList();
        var partitions = topics.SelectMany(PartitionsOf).ToList();
        var suspects = (await EndsAsync(partitions, IsolationLevel.ReadCommitted, CancellationToken.None)).Where(end => end.Value > 0).ToList();
        return suspects
            .Where(end => HoldRecords([new TopicPartitionOffset(end.Key, 0)], CancellationToken.None))
            .GroupBy(end => end.Key.Topic, StringComparer.Ordinal)
            .ToDictionary(topic => topic.Key, topic => topic.Sum(end => end.Value), StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _reader.Close();
        _reader.Dispose();
        _committed.Dispose();
        _admin.Dispose();
    }

    // As many as there are: the installation has chosen.
    private IEnumerable<TopicPartition> PartitionsOf(Topic topic)
    {
        if (!_partitions.TryGetValue(topic.Name, out var known))
        {
            var found = _admin.GetMetadata(topic.Name, RequestTimeout).Topics.Single();
            known = [.. found.Partitions.Select(partition => new TopicPartition(topic.Name, partition.PartitionId))];
            if (known.Count > 0)
                _partitions[topic.Name] = known;
        }

        return known;
    }

    private async Task<Dictionary<TopicPartition, long>> EndsAsync(
        List<TopicPartition> partitions, IsolationLevel isolation, CancellationToken cancellation)
    {
        var specs = partitions.ConvertAll(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() });
        var options = new ListOffsetsOptions { IsolationLevel = isolation, RequestTimeout = RequestTimeout };
        var result = await Patience.RetryAsync(() => _admin.ListOffsetsAsync(specs, options), cancellation);
        return result.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    private Task<Dictionary<TopicPartition, long>> CommittedAsync(string group, IReadOnlyList<Topic> topics, CancellationToken cancellation) =>
        group == Pipelines.Warehouse
            ? Patience.RetryAsync(() => CommittedInPostgresAsync(group, cancellation), cancellation)
            : _committed.OfAsync(group, [.. topics.SelectMany(PartitionsOf)], cancellation);

    private async Task<Dictionary<TopicPartition, long>> CommittedInPostgresAsync(string group, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(string Topic, int Partition, long Next)>(new CommandDefinition(
            "SELECT topic, partition, next_offset FROM sink_offsets WHERE consumer_group = @group",
            new { group }, cancellationToken: cancellation));
        return rows.ToDictionary(row => new TopicPartition(row.Topic, row.Partition), row => row.Next);
    }

    /// <summary>Reads from each offset until a record or the end of the partition shows.</summary>
    private bool HoldRecords(List<TopicPartitionOffset> from, CancellationToken cancellation)
    {
        _reader.Assign(from);
        try
        {
            for (var ended = 0; ended < from.Count;)
            {
                var result = _reader.Consume(RequestTimeout);
                cancellation.ThrowIfCancellationRequested();
                if (result is null || !result.IsPartitionEOF)
                    return true;
                ended++;
            }
            return false;
        }
        finally
        {
            _reader.Unassign();
        }
    }
}
