using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>Partitions on their way in: restored off the loop's thread while the others go on.</summary>
internal sealed class Restorations(IStateRestorer restorer)
{
    private readonly List<Restoration> _running = [];

    public bool Any => _running.Count > 0;

    public int Partitions => _running.Sum(restoration => restoration.Tasks.Count);

    public bool Contains(int partition) => _running.Exists(restoration => restoration.Tasks.ContainsKey(partition));

    public void Start(IReadOnlyList<PartitionTask> tasks)
    {
        var cancel = new CancellationTokenSource();
        _running.Add(new Restoration(
            tasks.ToDictionary(task => task.Partition), restorer.RestoreAsync(tasks, cancel.Token), cancel));
    }

    /// <summary>Tasks whose state is complete.</summary>
    /// <exception cref="TopologyFailedException">A restoration failed: the state is unknown.</exception>
    public IReadOnlyList<PartitionTask> TakeFinished()
    {
        var finished = new List<PartitionTask>();
        foreach (var restoration in _running.Where(restoration => restoration.Work.IsCompleted).ToList())
        {
            _running.Remove(restoration);
            restoration.Cancel.Dispose();
            if (restoration.Work.IsFaulted && restoration.Tasks.Count > 0)
                throw new TopologyFailedException("state could not be restored", restoration.Work.Exception.InnerException) { Reason = "restore" };
            if (restoration.Work.IsCompletedSuccessfully)
                finished.AddRange(restoration.Tasks.Values);
        }

        return finished;
    }

    /// <summary>The partition is no longer ours; the others of its batch go on.</summary>
    public void Drop(int partition)
    {
        foreach (var restoration in _running.Where(restoration => restoration.Tasks.Remove(partition) && restoration.Tasks.Count == 0))
            restoration.Cancel.Cancel();
    }

    /// <summary>Ends all. False when some is still in a call to Kafka: what it uses must not be taken down then.</summary>
    public bool Stop(TimeSpan wait)
    {
        foreach (var restoration in _running)
            restoration.Cancel.Cancel();
        // At the end of the loop's own thread, where nothing else can be done meanwhile.
        return Task.WhenAll(_running.Select(restoration => restoration.Work)).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(wait);
    }

    private sealed record Restoration(Dictionary<int, PartitionTask> Tasks, Task Work, CancellationTokenSource Cancel);
}
