using Commerce.Streaming.LocalBroker.Storage;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>The broker's background work: member and transaction timeouts, forced writes, retention,
/// checkpoints, compaction.</summary>
internal sealed class Maintenance(BrokerState state, LocalBrokerOptions options, ILogger logger)
{
    /// <summary>How late a timeout of a member or a transaction may be noticed.</summary>
    private static readonly TimeSpan TimeoutResolution = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a partition remembers a silent idempotent producer, as in Kafka.</summary>
    private static readonly TimeSpan ProducerLifetime = TimeSpan.FromDays(1);

    public required Action CloseIdleConnections { get; init; }

    public Task RunAsync(CancellationToken stopping)
    {
        List<Task> loops =
        [
            EveryAsync("timeouts", TimeoutResolution, CheckTimeouts, stopping),
            EveryAsync("retention", options.MaintenanceInterval, KeepLogs, stopping),
            EveryAsync("compaction", options.MaintenanceInterval, Compact, stopping),
        ];
        if (options.Flush == FlushPolicy.Interval)
            loops.Add(EveryAsync("flush", options.FlushInterval, Flush, stopping));
        return Task.WhenAll(loops);
    }

    private async Task EveryAsync(string work, TimeSpan interval, Action<CancellationToken> act, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, options.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    act(stopping);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    logger.BackgroundWorkFailed(work, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }

    private void CheckTimeouts(CancellationToken stopping)
    {
        state.Groups.Tick();
        state.Transactions.Tick();
        CloseIdleConnections();
    }

    private void KeepLogs(CancellationToken stopping)
    {
        foreach (var log in state.Topics.Logs)
        {
            stopping.ThrowIfCancellationRequested();
            log.Upkeep.RollIfOld();
            log.Upkeep.ApplyRetention();
            log.Upkeep.ExpireProducers(ProducerLifetime);
            log.Upkeep.CheckpointIfDue();
        }
    }

    private void Compact(CancellationToken stopping)
    {
        foreach (var log in state.Topics.Logs)
        {
            stopping.ThrowIfCancellationRequested();
            log.Compactor.CompactIfDue(stopping);
        }
    }

    private void Flush(CancellationToken stopping)
    {
        foreach (var log in state.Topics.Logs)
        {
            if (log.Upkeep.IsDirty)
                log.Upkeep.Flush();
        }

        state.Store.Flush();
    }
}
