using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Processing.Runtime;
using Confluent.Kafka;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>
/// Restores when the simulation says so, a step at a time, by the rule of the real one: stable offsets, then what the views hold, then the
/// ends, then reading up to them, then the views.
/// </summary>
internal sealed class SimRestorer(SimCluster cluster, string[] inputs, IViewCatchUp views, SimFaults faults, SimMutation mutation) : IStateRestorer
{
    private readonly List<Restoration> _running = [];

    public Task RestoreAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken)
    {
        var restoration = new Restoration(tasks);
        cancellationToken.Register(() => restoration.Done.TrySetCanceled(cancellationToken));
        _running.Add(restoration);
        return restoration.Done.Task;
    }

    /// <summary>Each restoration takes a step, if it can.</summary>
    public void Step()
    {
        for (var index = _running.Count - 1; index >= 0; index--)
        {
            var restoration = _running[index];
            if (restoration.Done.Task.IsCompleted)
            {
                _running.RemoveAt(index);
                continue;
            }

            faults.MayCrash("restore");
            if (faults.Happens(0.3))
                continue;
            try
            {
                Step(restoration);
            }
            catch (RegistryUnavailableException unavailable)
            {
                restoration.Done.SetException(unavailable);
            }
        }
    }

    private void Step(Restoration restoration)
    {
        if (!restoration.HasPositions)
            TakePositions(restoration);
        else if (restoration.Watermarks is null)
            restoration.Watermarks = views.ReadWatermarksAsync(restoration.Tasks, CancellationToken.None).GetAwaiter().GetResult();
        else if (restoration.Readings is null)
            restoration.Readings = Plan(restoration);
        else if (restoration.Readings.All(reading => Log(reading.Key).LastStable >= reading.Value.End))
            Finish(restoration);
    }

    private void TakePositions(Restoration restoration)
    {
        if (mutation != SimMutation.PositionsNotStable
            && !restoration.Tasks.All(task => inputs.All(input => cluster.IsStable(input, task.Partition))))
        {
            return;
        }

        foreach (var task in restoration.Tasks)
        {
            foreach (var input in inputs)
                task.Positions[input] = cluster.CommittedOffset(input, task.Partition);
        }

        restoration.HasPositions = true;
    }

    private Dictionary<TopicPartition, ChangelogReading> Plan(Restoration restoration) =>
        restoration.Tasks.SelectMany(task => task.Stores.Select(store => (Store: store, At: new TopicPartition(store.Changelog.Name, task.Partition))))
            .ToDictionary(
                each => each.At,
                each => ChangelogReading.Of(
                    each.Store,
                    mutation == SimMutation.RestoredToStableOffset ? Log(each.At).LastStable : Log(each.At).Records.Count,
                    restoration.Watermarks!));

    private SimPartition Log(TopicPartition at) => cluster.Partition(at.Topic, at.Partition.Value);

    private void Finish(Restoration restoration)
    {
        foreach (var (at, reading) in restoration.Readings!)
        {
            var log = Log(at);
            var end = log.LastStable;
            for (var offset = (int)reading.From; offset < end; offset++)
            {
                var isForgotten = mutation == SimMutation.ParkingForgotten && reading.Store.Name == "parked";
                if (cluster.IsVisible(log.Records[offset]) && !isForgotten)
                    reading.Apply(log.Records[offset].At(at, offset));
            }

            reading.Position = Math.Max(end, reading.Position);
        }

        views.CatchUpAsync(restoration.Tasks, restoration.Readings.Values.ToDictionary(reading => reading.Store), CancellationToken.None)
            .GetAwaiter().GetResult();
        restoration.Done.SetResult();
    }

    private sealed class Restoration(IReadOnlyList<PartitionTask> tasks)
    {
        public IReadOnlyList<PartitionTask> Tasks => tasks;

        public bool HasPositions { get; set; }

        public IReadOnlyDictionary<StateStore, long>? Watermarks { get; set; }

        public Dictionary<TopicPartition, ChangelogReading>? Readings { get; set; }

        public TaskCompletionSource Done { get; } = new();
    }
}
