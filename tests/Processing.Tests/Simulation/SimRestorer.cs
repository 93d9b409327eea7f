using System.Text;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Runtime;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>Restores when the simulation says so, by the rule of the real one: stable offsets, then the end, then reading up to it.</summary>
internal sealed class SimRestorer(SimCluster cluster, string[] inputs) : IStateRestorer
{
    private readonly List<(IReadOnlyList<PartitionTask> Tasks, Dictionary<StateStore, int>? Ends, TaskCompletionSource Done)> _running = [];

    public Task RestoreAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource();
        cancellationToken.Register(() => done.TrySetCanceled(cancellationToken));
        _running.Add((tasks, null, done));
        return done.Task;
    }

    /// <summary>Each restoration takes a step, if it can.</summary>
    public void Step()
    {
        for (var index = _running.Count - 1; index >= 0; index--)
        {
            var (tasks, ends, done) = _running[index];
            if (done.Task.IsCompleted)
                _running.RemoveAt(index);
            else if (ends is null && tasks.All(task => inputs.All(input => cluster.IsStable(input, task.Partition))))
                _running[index] = (tasks, EndsOf(tasks), done);
            else if (ends is not null && tasks.All(task => task.Stores.All(store => Log(store, task).LastStable >= ends[store])))
                FinishOrFail(tasks, done);
        }
    }

    private void FinishOrFail(IReadOnlyList<PartitionTask> tasks, TaskCompletionSource done)
    {
        try
        {
            Finish(tasks, done);
        }
        catch (RegistryUnavailableException unavailable)
        {
            done.SetException(unavailable);
        }
    }

    private Dictionary<StateStore, int> EndsOf(IReadOnlyList<PartitionTask> tasks) =>
        tasks.SelectMany(task => task.Stores.Select(store => (store, Log(store, task).Records.Count))).ToDictionary();

    private SimPartition Log(StateStore store, PartitionTask task) => cluster.Partition(store.Changelog.Name, task.Partition);

    private void Finish(IReadOnlyList<PartitionTask> tasks, TaskCompletionSource done)
    {
        foreach (var task in tasks)
        {
            foreach (var input in inputs)
                task.Positions[input] = cluster.CommittedOffset(input, task.Partition);
            foreach (var store in task.Stores)
            {
                var log = Log(store, task);
                var end = log.LastStable;
                for (var offset = (int)store.ChangelogPosition; offset < end; offset++)
                {
                    if (SimPartition.IsVisible(log.Records[offset]))
                        store.Restore(Encoding.UTF8.GetString(log.Records[offset].Key!), log.Records[offset].Value);
                }

                store.ChangelogPosition = end;
            }
        }

        done.SetResult();
    }
}
