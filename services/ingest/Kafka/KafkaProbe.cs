using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.Ingest.Kafka;

/// <summary>
/// Asks at intervals whether Kafka and the registry could take events now: the readiness of the service. Ends the process when the
/// producer has failed for good.
/// </summary>
internal sealed class KafkaProbe(
    EventProducer producer, EventPublisher publisher, TimeProvider time, ILogger<KafkaProbe> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private volatile string? _reason = "Kafka has not answered yet";

    /// <summary>Null when ready.</summary>
    public string? ReasonNotReady => _reason;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The client has no asynchronous metadata request; a thread of its own keeps it off the pool that serves requests.
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                if (producer.FatalError is { } fatal)
                    throw new InvalidOperationException($"the Kafka producer failed for good: {fatal}");
                var reason = await Task.Factory.StartNew(
                    () => Ask(admin), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default) ?? await publisher.CheckSchemasAsync();
                if (reason is not null && _reason is null)
                    IngestLog.NotReady(logger, reason);
                _reason = reason;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private static string? Ask(IAdminClient admin)
    {
        try
        {
            foreach (Topic topic in (Topic[])[Topics.CollectionEvents, Topics.CollectionQuarantine, Topics.InventoryStockCommands])
            {
                var found = admin.GetMetadata(topic.Name, Patience).Topics.Single();
                if (found.Error.IsError || found.Partitions.Any(partition => partition.Leader < 0))
                    return $"topic {topic.Name} is not usable ({found.Error.Reason}); provisioning creates it";
            }

            return null;
        }
        catch (KafkaException away)
        {
            return $"Kafka does not answer: {away.Error.Reason}";
        }
    }
}
