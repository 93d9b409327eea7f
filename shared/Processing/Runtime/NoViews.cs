using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Kafka;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>For topologies that show nothing.</summary>
internal sealed class NoViews : IViewPublisher, IViewCatchUp
{
    private static readonly Task<IReadOnlyDictionary<StateStore, long>> NoWatermarks =
        Task.FromResult<IReadOnlyDictionary<StateStore, long>>(new Dictionary<StateStore, long>());

    public void Publish(IReadOnlyList<ChangelogWrite> writes)
    {
    }

    public void ServeRebuilds(IReadOnlyDictionary<int, PartitionTask> tasks)
    {
    }

    public void Forget(int partition)
    {
    }

    public Task<IReadOnlyDictionary<StateStore, long>> ReadWatermarksAsync(IReadOnlyList<PartitionTask> tasks, CancellationToken cancellationToken) =>
        NoWatermarks;

    public Task CatchUpAsync(
        IReadOnlyList<PartitionTask> tasks, IReadOnlyDictionary<StateStore, ChangelogReading> readings, CancellationToken cancellationToken) => Task.CompletedTask;
}
