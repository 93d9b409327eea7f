namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>Forces logs to the device as the flush policy says.</summary>
internal sealed class Durability(FlushPolicy policy)
{
    public bool IsEachWrite => policy == FlushPolicy.EachWrite;

    /// <summary>Returns once everything appended so far to these logs is on the device.</summary>
    public async Task FlushAsync(IReadOnlyCollection<PartitionLog> logs, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(logs.Distinct(), cancellationToken, (log, _) =>
        {
            log.Upkeep.Flush();
            return ValueTask.CompletedTask;
        });
}
