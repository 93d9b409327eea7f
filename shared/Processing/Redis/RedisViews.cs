using System.Collections.Concurrent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Processing.Runtime;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>
/// Views in Redis: brought to the state's end before a partition is processed, then written after each commit. Redis may be away; then
/// processing goes on, the view is stale, and when Redis is back it is rebuilt from the state at hand.
/// </summary>
internal sealed partial class RedisViews(
    Topology topology, IViewServer redis, Func<string, Task<string>> epochOf, ProcessingOptions options, ViewWriter writer,
    TimeProvider clock, ILogger logger, int partitionsMultiple = 1)
    : IViewPublisher, IViewCatchUp
{
    private readonly ILookup<string, RedisView> _viewsByStore = topology.Views.ToLookup(view => view.StoreName, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(RedisView View, int Partition), ViewPartition> _partitions = [];
    public void Publish(IReadOnlyList<ChangelogWrite> writes)
    {
        for (var start = 0; start < writes.Count;)
        {
            var (store, partition) = (writes[start].Store, writes[start].Partition);
            var end = start;
            while (end < writes.Count && ReferenceEquals(writes[end].Store, store))
                end++;
            foreach (var view in _viewsByStore[store.Name])
            {
                if (_partitions.TryGetValue((view, partition), out var target))
                    Publish(target, writes, start, end);
            }

            start = end;
        }
    }

    public void ServeRebuilds(IReadOnlyDictionary<int, PartitionTask> tasks)
    {
        for (var open = writer.Requests.Count; open > 0 && writer.Requests.TryDequeue(out var target); open--)
        {
            if (!IsCurrent(target))
                continue;
            if (!tasks.ContainsKey(target.Partition))
            {
                // Its state is still on the way in.
                writer.Requests.Enqueue(target);
                continue;
            }

            target.IsAccepting = true;
            writer.Post(new ViewMessage.Snapshot(target, target.CommitNumber, target.Store.ChangelogPosition, [.. target.Store.Entries()]));
        }
    }

    public void Forget(int partition)
    {
        foreach (var view in topology.Views)
        {
            if (_partitions.TryRemove((view, partition), out var target))
                writer.Release(target);
        }
    }

    public async Task<IReadOnlyDictionary<StateStore, long>> ReadWatermarksAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken)
    {
        var targets = await TargetsAsync(tasks);
        var isAway = false;
        foreach (var target in targets)
        {
            try
            {
                // One failure is enough to know: every further one would cost a timeout.
                target.FoundHeld = isAway ? null : await target.Storage.ReadTrustedAsync();
            }
            catch (Exception away) when (away is RedisException or TimeoutException)
            {
                isAway = true;
            }

            target.FoundAway = isAway;
        }

        return targets
            .GroupBy(target => target.Store)
            .Where(views => views.All(target => target.FoundHeld is not null))
            .ToDictionary(views => views.Key, views => views.Min(target => target.FoundHeld!.Value));
    }

    public async Task CatchUpAsync(
        IReadOnlyList<PartitionTask> tasks, IReadOnlyDictionary<StateStore, ChangelogReading> readings, CancellationToken cancellationToken)
    {
        foreach (var target in _partitions.Values.Where(target => readings.ContainsKey(target.Store)).OrderBy(target => target.Partition))
        {
            try
            {
                if (target.FoundAway)
                    throw new RedisException("Redis was away a moment ago");
                target.InStep(await CatchUpAsync(target, readings[target.Store]), target.CommitNumber);
                target.IsAccepting = true;
            }
            catch (Exception away) when (away is RedisException or TimeoutException)
            {
                target.Break();
                ViewUnreachable(target.View.KeyPrefix, target.Partition, away.GetType().Name);
            }

            writer.Adopt(target);
            if (!IsCurrent(target))
                writer.Release(target);
        }
    }

    private async Task<long> CatchUpAsync(ViewPartition target, ChangelogReading reading)
    {
        if (target.FoundHeld is { } held && held <= reading.Position)
        {
            if (reading.Changed.Count == 0)
                return held;
            var changes = reading.Changed.Select(key => target.Show(key, target.Store.Find(key), joinsIndex: true)).ToList();
            if (await target.Storage.ApplyAsync(held, reading.Position, changes) == ViewAnswer.Written)
                return reading.Position;
        }

        // Nothing there, something foreign, too old, or more than the changelog has: begin anew.
        ViewRebuilt(target.View.KeyPrefix, target.Partition);
        var entries = target.Store.Entries().Select(entry => target.Show(entry.Key, entry.Value, joinsIndex: true)).ToList();
        return await target.Storage.RebuildAsync(reading.Position, entries) == ViewAnswer.Written
            ? reading.Position
            : throw new RedisException("another owner writes the view");
    }

    private void Publish(ViewPartition target, IReadOnlyList<ChangelogWrite> writes, int start, int end)
    {
        target.CommitNumber++;
        if (!target.IsAccepting)
            return;
        var entries = new (string, object?, bool)[end - start];
        for (var index = start; index < end; index++)
            entries[index - start] = (writes[index].Key, target.Store.Find(writes[index].Key), writes[index].IsNew);
        if (writer.TryPost(new ViewMessage.Changed(target, target.CommitNumber, target.Store.ChangelogPosition, entries), options.ViewWaitMax))
            return;
        // Redis is slower than Kafka, or hangs. A snapshot will mend the view.
        target.IsAccepting = false;
        writer.Post(new ViewMessage.Missed(target, target.CommitNumber));
    }

    private bool IsCurrent(ViewPartition target) =>
        _partitions.TryGetValue((target.View, target.Partition), out var current) && current == target;

    // Raised by a whole factor, a partition's keys are in those of equal remainder.
    private int[] Siblings(Topic changelog, int partition) =>
    [
        .. Enumerable.Range(0, changelog.PartitionsAt(partitionsMultiple))
            .Where(other => other != partition && other % changelog.Partitions == partition % changelog.Partitions),
    ];

    private async Task<List<ViewPartition>> TargetsAsync(IReadOnlyList<PartitionTask> tasks)
    {
        var targets = new List<ViewPartition>();
        foreach (var task in tasks)
        {
            foreach (var view in topology.Views)
            {
                var store = task.Store(view.StoreName);
                var storage = new ViewStorage(
                    redis, view.KeyPrefix, task.Partition, await epochOf(store.Changelog.Name), options.ViewChunkKeys, clock,
                    Siblings(store.Changelog, task.Partition));
                targets.Add(_partitions[(view, task.Partition)] = new ViewPartition(view, task.Partition, store, storage));
            }
        }

        return targets;
    }

    [LoggerMessage(EventId = 150, Level = LogLevel.Warning, Message = "View {View} [{Partition}] is stale: Redis does not answer ({ErrorType}); processing goes on")]
    private partial void ViewUnreachable(string view, int partition, string errorType);

    [LoggerMessage(EventId = 151, Level = LogLevel.Information, Message = "View {View} [{Partition}] is rebuilt from the state")]
    private partial void ViewRebuilt(string view, int partition);
}
