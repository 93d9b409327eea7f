using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.TopicWriting;

/// <summary>
/// Asks at intervals whether Kafka and the registry could take what <typeparamref name="TWriter"/> writes: the readiness of the
/// service. Ends the process when the producer has failed for good.
/// </summary>
public sealed partial class TopicProbe<TWriter>(
    TWriter writer, ISchemaRegistryClient registry, IOptions<KafkaOptions> kafka, TimeProvider time, ILogger<TopicProbe<TWriter>> logger)
    : BackgroundService
    where TWriter : class, ITopicWriter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> _registered = new(StringComparer.Ordinal);
    private bool _mayBegin;
    private volatile string? _reason = "Kafka has not answered yet";

    /// <summary>Null when ready, else why not.</summary>
    public string? ReasonNotReady => _reason;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var admin = new DependentAdminClientBuilder(writer.Handle).Build();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                if (writer.FatalError is { } fatal)
                    throw new InvalidOperationException($"the Kafka producer failed for good: {fatal}");
                var reason = await AskKafkaAsync(admin, stoppingToken) ?? await AskRegistryAsync();
                if (reason is not null && _reason is null)
                    NotReady(logger, reason);
                _reason = reason;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    // The client has no asynchronous metadata request; a thread of its own keeps it off the pool that serves requests.
    private Task<string?> AskKafkaAsync(IAdminClient admin, CancellationToken stopping) => Task.Factory.StartNew(
        () => AskKafka(admin), stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private string? AskKafka(IAdminClient admin)
    {
        try
        {
            if (!_mayBegin && TopicGuard.Fault(admin, writer.Topics) is { } notYet)
                return notYet;
            _mayBegin = true;
            foreach (var topic in writer.Topics)
            {
                var found = admin.GetMetadata(topic.Name, Patience).Topics.Single();
                if (found.Error.IsError || found.Partitions.Any(partition => partition.Leader < 0))
                    return $"topic {topic.Name} is not usable ({found.Error.Reason}); provisioning creates it";
                // What is written now would lie where nobody seeks it.
                if (found.Partitions.Count != topic.PartitionsAt(kafka.Value.PartitionsMultiple))
                    return $"topic {topic.Name} has {found.Partitions.Count} partitions, and Kafka:PartitionsMultiple={kafka.Value.PartitionsMultiple} says {topic.PartitionsAt(kafka.Value.PartitionsMultiple)}";
            }

            return null;
        }
        catch (KafkaException away)
        {
            return $"Kafka does not answer: {away.Error.Reason}";
        }
    }

    /// <summary>Asks once for each schema: the serializers keep what they have looked up, so a registry that goes away later does no harm.</summary>
    private async Task<string?> AskRegistryAsync()
    {
        foreach (var topic in writer.Topics.Where(topic => !_registered.Contains(topic.ValueSubject)))
        {
            try
            {
                await registry.LookupSchemaAsync(topic.ValueSubject, new Schema(topic.ValueSchema.ToString(), SchemaType.Avro), ignoreDeletedSchemas: true);
                _registered.Add(topic.ValueSubject);
            }
            catch (SchemaRegistryException missing)
            {
                return $"the schema registry does not have this version of {topic.ValueSubject} ({(int)missing.Status}); provisioning registers it";
            }
            catch (HttpRequestException away)
            {
                return $"the schema registry does not answer: {away.Message}";
            }
        }

        return null;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Not ready: {Reason}")]
    private static partial void NotReady(ILogger logger, string reason);
}
