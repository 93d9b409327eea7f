using System.Diagnostics;
using Commerce.Streaming.Warehouse.Domain;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Gets a batch into the warehouse: waits while the database is away, and finds the one record that it refuses.</summary>
internal sealed class BatchLoader(
    IWarehouse warehouse, IDeadLetters deadLetters, SinkState state, IOptions<SinkOptions> options, TimeProvider clock, ILogger<BatchLoader> logger)
{
    private const int ErrorLengthMax = 200;

    /// <exception cref="FencedException">Nothing or a prefix was loaded; positions must be read anew.</exception>
    public async Task LoadAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var began = clock.GetUtcNow();
        await LoadOrSplitAsync(records, cancellationToken);
        SinkMetrics.BatchLoaded(records.Count, Stopwatch.GetElapsedTime(started));
        var now = clock.GetUtcNow();
        foreach (var record in records)
        {
            if (record.Statement is OrderStatement order)
                SinkMetrics.OrderLoaded(now - order.Record.ReceivedAt);
        }

        SinkTraces.Loaded(records, began, now, options.Value.GroupId);
    }

    /// <summary>Halves until the culprit is alone: its neighbours are loaded, in order, and only it becomes a dead letter.</summary>
    private async Task LoadOrSplitAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            await RetryAsync(() => LoadOnceAsync(records, cancellationToken), cancellationToken);
        }
        catch (UnloadableException refused) when (records.Count == 1)
        {
            SinkLog.Refused(logger, records[0].Raw.Topic, records[0].Raw.Partition.Value, records[0].Raw.Offset.Value, refused.Message);
            var error = refused.Message.Length <= ErrorLengthMax ? refused.Message : refused.Message[..ErrorLengthMax];
            var dead = records[0] with { Statement = null, Failure = new LoadFailure(LoadFailure.Constraint, error) };
            await RetryAsync(() => LoadOnceAsync([dead], cancellationToken), cancellationToken);
        }
        catch (UnloadableException)
        {
            var half = records.Count / 2;
            await LoadOrSplitAsync([.. records.Take(half)], cancellationToken);
            await LoadOrSplitAsync([.. records.Skip(half)], cancellationToken);
        }
    }

    private async Task LoadOnceAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        // Before the offsets move: a crash in between repeats the letter, under the same key, rather than losing it.
        foreach (var dead in records.Where(record => record is { Failure: not null, DeadLetterSent: false }))
        {
            await deadLetters.SendAsync(dead, cancellationToken);
            dead.DeadLetterSent = true;
            SinkMetrics.DeadLettered(dead.Failure!.Reason);
        }

        await warehouse.LoadAsync(records, cancellationToken);
    }

    /// <summary>What may pass is waited out, however long: Kafka keeps the records, readiness says why.</summary>
    private async Task RetryAsync(Func<Task> load, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await load();
                state.Succeeded();
                return;
            }
            catch (Exception failure) when (failure is not (UnloadableException or FencedException or OperationCanceledException))
            {
                state.Failed($"the warehouse cannot be written: {failure.GetType().Name}");
                SinkLog.WillRetry(logger, attempt + 1, failure);
                SinkMetrics.Retried();
                await Task.Delay(Backoff.Delay(attempt, options.Value), clock, cancellationToken);
            }
        }
    }
}

internal static class Backoff
{
    private const int DoublingsMax = 20;

    public static TimeSpan Delay(int attempt, SinkOptions options) =>
        TimeSpan.FromMilliseconds(Math.Min(options.RetryDelayMaxMs, (long)options.RetryDelayMs << Math.Min(attempt, DoublingsMax)));
}
