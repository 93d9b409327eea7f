using Commerce.Streaming.FetchWatch;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Consume, read, load: one batch after the other. The database's positions lead; those in Kafka are for display.</summary>
internal sealed class SinkLoop(
    RecordReader reader, BatchCollector collector, BatchLoader loader, IWarehouse warehouse, SinkState state, FetchProgress progress,
    IOptions<KafkaOptions> kafka, IOptions<SinkOptions> options, TimeProvider clock, ILogger<SinkLoop> logger) : BackgroundService
{
    private readonly RareLog _complaints = new(clock);
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Everything before the first await would hold up the start of the host.
        await Task.Yield();
        _stopping = stoppingToken;
        SinkMetrics.Observe(state);
        await reader.WarmUpAsync();
        await AwaitTopicsAsync(stoppingToken);
        using var ends = TopicEnds.Of(kafka.Value.ToClientProperties(), static _ => { });
        var watching = FetchWatcher.RunAsync(progress, ends, clock, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
            await ConsumeUntilStalledAsync(stoppingToken);
        await watching;
    }

    /// <summary>Positions are of topics as they are now: while those are made anew there is nothing to go on from.</summary>
    private async Task AwaitTopicsAsync(CancellationToken stopping)
    {
        using var admin = new AdminClientBuilder(kafka.Value.ToClientProperties()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        for (var attempt = 0; !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                if (await Task.Run(() => TopicGuard.Fault(admin, needed: []), stopping) is not { } unfinished)
                    return;
                state.Failed(unfinished);
            }
            catch (KafkaException away)
            {
                state.Failed($"Kafka does not answer: {away.Error.Code}");
            }

            await Task.Delay(Backoff.Delay(attempt, options.Value), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the client must be built anew, or the host stops.</summary>
    private async Task ConsumeUntilStalledAsync(CancellationToken stoppingToken)
    {
        using var consumer = Build();
        state.EndOffsetOf = partition => EndOffsetOf(consumer, partition);
        consumer.Subscribe(reader.TopicNames);
        try
        {
            while (!stoppingToken.IsCancellationRequested && progress.Stalled is null)
                await StepAsync(consumer, stoppingToken);
            if (progress.Stalled is { } stalled)
            {
                SinkMetrics.Stalled();
                SinkLog.Stalled(logger, stalled.Topic, stalled.Partition.Value);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was collected and not loaded comes again: its offsets have not moved.
        }
        finally
        {
            state.EndOffsetOf = static _ => null;
            consumer.Close();
            progress.Ignore(progress.Watched);
        }
    }

    private async Task StepAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        var batch = collector.Collect(consumer, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (batch.Count == 0)
        {
            await CatchUpAsync(cancellationToken);
            return;
        }

        var records = await ReadAsync(batch, cancellationToken);
        try
        {
            await loader.LoadAsync(records, cancellationToken);
        }
        catch (FencedException)
        {
            SinkMetrics.Fenced();
            SinkLog.Fenced(logger, records.Count);
            foreach (var position in PositionsOf(consumer.Assignment))
                consumer.Seek(position);
            return;
        }

        collector.Loaded(consumer, batch);
    }

    private async Task<List<SinkRecord>> ReadAsync(IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> batch, CancellationToken cancellationToken)
    {
        var records = new List<SinkRecord>(batch.Count);
        foreach (var raw in batch)
        {
            var record = await ReadPatientlyAsync(raw, cancellationToken);
            if (record.Failure is { } failure)
                SinkLog.Unreadable(logger, raw.Topic, raw.Partition.Value, raw.Offset.Value, failure.Error);
            records.Add(record);
        }

        return records;
    }

    private async Task<SinkRecord> ReadPatientlyAsync(ConsumeResult<byte[]?, byte[]?> raw, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await reader.ReadAsync(raw);
            }
            catch (RegistryUnavailableException away)
            {
                state.Failed("the schema registry does not answer");
                SinkLog.RegistryAway(logger, away);
                SinkMetrics.Retried();
                await Task.Delay(Backoff.Delay(attempt, options.Value), clock, cancellationToken);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await warehouse.CatchUpAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Aggregates stay noted as stale; the next idle moment tries again.
            SinkLog.WillRetry(logger, attempt: 1, failure);
        }
    }

    /// <summary>As of the last answer to a fetch; asks nobody.</summary>
    private static long? EndOffsetOf(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition)
    {
        try
        {
            var end = consumer.GetWatermarkOffsets(partition).High;
            return end == Offset.Unset ? null : end.Value;
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            return null;
        }
    }

    private IConsumer<byte[]?, byte[]?> Build() =>
        new ConsumerBuilder<byte[]?, byte[]?>(SinkConsumer.Config(kafka.Value, options.Value))
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                // By code: reasons name brokers, threads and milliseconds.
                if (_complaints.Passes(error.Code.ToString(), out var leftOut) || error.IsFatal)
                    SinkLog.KafkaError(logger, error.Reason, error.IsFatal, leftOut);
            })
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                var positions = PositionsOf(partitions);
                foreach (var position in positions)
                    state.Moved(position.TopicPartition, position.Offset.Value, position.Offset.Value);
                progress.Watch(partitions);
                SinkLog.Assigned(logger, positions.Count);
                return positions;
            })
            .SetPartitionsRevokedHandler((_, partitions) => Release(partitions))
            .SetPartitionsLostHandler((_, partitions) => Release(partitions))
            .Build();

    private void Release(List<TopicPartitionOffset> partitions)
    {
        var revoked = partitions.ConvertAll(partition => partition.TopicPartition).ToHashSet();
        collector.Drop(revoked);
        progress.Ignore(revoked);
        foreach (var partition in revoked)
            state.Revoked(partition);
    }

    /// <summary>Waits for the database: without positions there is nothing to consume.</summary>
    private IReadOnlyList<TopicPartitionOffset> PositionsOf(IReadOnlyList<TopicPartition> partitions)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var positions = warehouse.ReadPositions(partitions);
                state.Succeeded();
                return positions;
            }
            catch (Exception failure)
            {
                state.Failed($"positions cannot be read from the warehouse: {failure.GetType().Name}");
                SinkLog.WillRetry(logger, attempt + 1, failure);
                if (_stopping.WaitHandle.WaitOne(Backoff.Delay(attempt, options.Value)))
                    throw new OperationCanceledException(_stopping);
            }
        }
    }
}
