using System.Text;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// Reads changelogs to their end. The end is the high watermark as of after the group's offsets are stable: a transaction of the former
/// owner whose offsets count has all its state below it, though its commit marker may still be on its way; reading committed up to the
/// high watermark waits for that marker. What a zombie still appends can only be aborted, for its generation is over.
/// </summary>
internal sealed class ChangelogRestorer(
    Topology topology, KafkaConnection connection, Handle handle, Func<IEnumerable<TopicPartition>, IReadOnlyList<TopicPartitionOffset>> committed,
    IViewCatchUp views, TopologyTelemetry telemetry, TimeProvider clock, TimeSpan waitMax) : IStateRestorer
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    /// <summary>The broker holds a fetch at the end of a partition so long; it bounds how fast "nothing more" is learnt.</summary>
    private const int FetchWaitMs = 10;

    public Task RestoreAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => RestoreOnOwnThreadAsync(tasks, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task RestoreOnOwnThreadAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await PatientlyAsync(() => Task.FromResult(TakePositions(tasks)), cancellationToken);
        var watermarks = await PatientlyAsync(() => views.ReadWatermarksAsync(tasks, cancellationToken), cancellationToken);
        var readings = await PatientlyAsync(() => PlanAsync(tasks, watermarks), cancellationToken);
        var records = Read(readings, cancellationToken);
        await views.CatchUpAsync(tasks, readings.Values.ToDictionary(reading => reading.Store), cancellationToken);
        telemetry.Restored(records, clock.GetElapsedTime(started));
    }

    /// <summary>Asking for the group's offsets waits until no transaction with offsets of these partitions is open.</summary>
    private int TakePositions(IReadOnlyList<PartitionTask> tasks)
    {
        var inputs = tasks.SelectMany(task => topology.Inputs.Select(input => new TopicPartition(input.Topic.Name, task.Partition)));
        var byPartition = tasks.ToDictionary(task => task.Partition);
        foreach (var offset in committed(inputs).Where(offset => offset.Offset.Value >= 0))
        {
            byPartition[offset.Partition.Value].Positions[offset.Topic] = offset.Offset.Value;
            telemetry.Lag.Started(offset.TopicPartition, offset.Offset.Value);
        }

        return tasks.Count;
    }

    /// <summary>A broker that restarts is waited for: giving up would only start the process anew, to the same end.</summary>
    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (KafkaException away) when (!away.Error.IsFatal && clock.GetElapsedTime(started) < waitMax)
            {
                await Task.Delay(RetryWait, clock, cancellationToken);
            }
        }
    }

    private async Task<Dictionary<TopicPartition, ChangelogReading>> PlanAsync(
        IReadOnlyList<PartitionTask> tasks, IReadOnlyDictionary<StateStore, long> watermarks)
    {
        var stores = tasks.SelectMany(task => task.Stores.Select(store => (Store: store, At: new TopicPartition(store.Changelog.Name, task.Partition)))).ToList();
        var ends = await EndsAsync(stores.Select(store => store.At));
        return stores.ToDictionary(
            store => store.At,
            store => ChangelogReading.Of(store.Store, ends[store.At], watermarks));
    }

    private async Task<Dictionary<TopicPartition, long>> EndsAsync(IEnumerable<TopicPartition> changelogs)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();
        var result = await admin.ListOffsetsAsync(
            changelogs.Select(changelog => new TopicPartitionOffsetSpec { TopicPartition = changelog, OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted, RequestTimeout = waitMax });
        return result.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition,
            info => info.TopicPartitionOffsetError.Error.IsError
                ? throw new KafkaException(info.TopicPartitionOffsetError.Error)
                : info.TopicPartitionOffsetError.Offset.Value);
    }

    private long Read(Dictionary<TopicPartition, ChangelogReading> readings, CancellationToken cancellationToken)
    {
        foreach (var done in readings.Values.Where(reading => reading.From >= reading.End))
            done.Position = Math.Max(done.End, done.Store.ChangelogPosition);
        var open = readings.Where(reading => reading.Value.From < reading.Value.End).ToDictionary();
        if (open.Count == 0)
            return 0;
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(ConfigOf()).Build();
        consumer.Assign(open.Select(reading => new TopicPartitionOffset(reading.Key, reading.Value.From)));
        var records = 0L;
        var lastProgress = clock.GetTimestamp();
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Consume(consumer) is not { } result)
            {
                if (clock.GetElapsedTime(lastProgress) > waitMax)
                    throw new TopologyFailedException("a changelog did not reach its end: a transaction on it stays open") { Reason = "restore" };
                continue;
            }

            lastProgress = clock.GetTimestamp();
            var reading = readings[result.TopicPartition];
            if (!result.IsPartitionEOF)
            {
                Apply(reading, result, cancellationToken);
                records++;
            }
            else if (result.Offset.Value >= reading.End)
            {
                reading.Position = result.Offset.Value;
                open.Remove(result.TopicPartition);
            }
        }

        return records;
    }

    private static InputRecord? Consume(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            return consumer.Consume(PollWait);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            // Connections come and go; the client tries again by itself.
            return null;
        }
    }

    private void Apply(ChangelogReading reading, InputRecord record, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                reading.Apply(record);
                return;
            }
            catch (RegistryUnavailableException) when (clock.GetElapsedTime(started) < waitMax && !cancellationToken.IsCancellationRequested)
            {
                // The first record of a schema that we have not seen; the registry may be starting.
                cancellationToken.WaitHandle.WaitOne(RetryWait);
            }
        }
    }

    private ConsumerConfig ConfigOf()
    {
        var config = connection.Consumer();
        // Needed by the client, used for nothing: partitions are assigned by hand and no offset is committed.
        config.GroupId = topology.GroupId + ".restore";
        config.ClientId = config.GroupId;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.EnablePartitionEof = true;
        config.FetchWaitMaxMs = FetchWaitMs;
        return config;
    }
}

/// <summary>One changelog partition on its way to its end.</summary>
internal sealed record ChangelogReading(StateStore Store, long From, long End, long TrackFrom)
{
    /// <param name="watermarks">What the views of each store hold; stores without views that can be brought up to date are not in it.</param>
    public static ChangelogReading Of(StateStore store, long end, IReadOnlyDictionary<StateStore, long> watermarks)
    {
        var held = watermarks.GetValueOrDefault(store, long.MaxValue);
        // A view behind a state that was kept needs the records between the two once more; they change nothing in the state.
        return new ChangelogReading(store, From: Math.Min(store.ChangelogPosition, held), end, TrackFrom: held);
    }

    /// <summary>Keys that changed at or after <see cref="TrackFrom"/>: what a view that stands there lacks.</summary>
    public HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

    /// <summary>Where reading has ended.</summary>
    public long Position
    {
        get => Store.ChangelogPosition;
        set => Store.ChangelogPosition = value;
    }

    public void Apply(InputRecord record)
    {
        var key = Encoding.UTF8.GetString(record.Message.Key ?? []);
        Store.Restore(key, record.Message.Value);
        if (record.Offset.Value >= TrackFrom)
            Changed.Add(key);
    }
}

/// <summary>Brings views to the state of restored tasks. Redis may be away: then they are stale, and nobody waits.</summary>
internal interface IViewCatchUp
{
    /// <summary>Changelog offset that the view of each store holds; stores without view, and views that must be rebuilt, are not in it.</summary>
    Task<IReadOnlyDictionary<StateStore, long>> ReadWatermarksAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken);

    Task CatchUpAsync(
        IReadOnlyList<PartitionTask> tasks, IReadOnlyDictionary<StateStore, ChangelogReading> readings, CancellationToken cancellationToken);
}
