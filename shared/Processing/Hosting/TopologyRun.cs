using Commerce.Streaming.FetchWatch;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Processing.Redis;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Hosting;

/// <summary>One run of a topology against Kafka: builds the parts, in the order in which they need each other, and takes them down.</summary>
internal sealed partial class TopologyRun : IDisposable
{
    private readonly TopologyAssignment _assignment;
    private readonly TopologyTelemetry _telemetry;
    private readonly List<IDisposable> _viewParts = [];
    private readonly KafkaInputSource _source;
    private readonly CancellationTokenSource _ended;
    private readonly string _name;
    private readonly ILogger _logger;

    /// <param name="redis">Needed when the topology has views.</param>
    public TopologyRun(
        Topology topology, ProcessingOptions options, KafkaConnection connection, ISchemaRegistryClient registry, IDatabase? redis,
        TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        (_name, _logger) = (topology.Name, logger);
        var engine = new TopologyEngine(topology, new ConfluentSerdes(registry), clock, options.RecordBytesMax, options.ParkedKeysMax);
        _telemetry = new TopologyTelemetry(topology, new LagTracker(clock));
        var log = new KafkaTransactions(topology, connection, options, clock, logger, stopping);
        Initialize(log);
        var views = redis is null ? null : ViewsOf(topology, options, connection, redis, log.Handle, clock, logger);
        var none = new NoViews();
        var records = new TransactionRecords();
        KafkaInputSource? source = null;
        var restorer = new ChangelogRestorer(
            topology, connection, log.Handle, partitions => source!.Committed(partitions), views ?? (IViewCatchUp)none, _telemetry, clock, options.TransactionTimeout * 2);
        _assignment = new TopologyAssignment(topology, engine, records, restorer, views ?? (IViewPublisher)none, _telemetry, logger);
        var progress = new FetchProgress(clock, FetchWatcher.StalledAfter);
        source = new KafkaInputSource(topology, connection, options, _assignment, _telemetry.Lag, progress, logger);
        _assignment.Source = _source = source;
        Loop = new TopologyLoop(
            engine, _assignment, records, source, log, views ?? (IViewPublisher)none, options.ToLoopLimits(), _telemetry, clock, logger,
            pause: wait => stopping.WaitHandle.WaitOne(wait),
            engine.AllowsLanes && options.Parallelism > 1 ? new Lanes(engine, options.Parallelism, _telemetry, clock, Lanes.OnPool) : null);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _ = WatchAsync(() => WatchFetchesAsync(progress, connection, clock, _ended.Token));
        if (GroupWatch.For(topology, options, connection, _telemetry, clock, logger) is { } group)
            _ = WatchAsync(() => WatchGroupAsync(group, _ended.Token));
    }

    public TopologyLoop Loop { get; }

    /// <summary>Our id in the group at the last commit.</summary>
    public string? LastMemberId => _source.LastMemberId;

    /// <summary>Why records are not processed yet; null when they are.</summary>
    public string? NotReady =>
        !_assignment.HasJoined ? "it has not joined its consumer group"
        : _assignment.IsSettling ? "it restores its state"
        : null;

    /// <summary>Leaves the group after a failure, so that others need not wait for our session to expire.</summary>
    public void Abandon(TopologyFailedException? failure)
    {
        try
        {
            Loop.Abandon(failure?.AbortCause ?? AbortCauses.Broker);
        }
        catch (KafkaException)
        {
            // The failure that led here is the one to report.
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        Loop.Dispose();
        _viewParts.ForEach(part => part.Dispose());
        _telemetry.Dispose();
    }

    // The run goes on without a watch that has ended, but not in silence.
    private async Task WatchAsync(Func<Task> watch)
    {
        try
        {
            await watch();
        }
        catch (Exception fault)
        {
            WatchEnded(_name, fault);
        }
    }

    // By a client of its own: a question may still be on its way when the run's clients go.
    private static async Task WatchFetchesAsync(FetchProgress progress, KafkaConnection connection, TimeProvider clock, CancellationToken ended)
    {
        using var ends = TopicEnds.Of(connection.Producer(), static _ => { });
        await FetchWatcher.RunAsync(progress, ends, clock, ended);
    }

    private static async Task WatchGroupAsync(GroupWatch group, CancellationToken ended)
    {
        using (group)
            await group.RunAsync(ended);
    }

    private void Initialize(KafkaTransactions log)
    {
        try
        {
            log.Initialize();
        }
        catch
        {
            log.Dispose();
            _telemetry.Dispose();
            throw;
        }
    }

    private RedisViews ViewsOf(
        Topology topology, ProcessingOptions options, KafkaConnection connection, IDatabase redis, Handle handle, TimeProvider clock, ILogger logger)
    {
        var telemetry = new ViewTelemetry(topology);
        var writer = new ViewWriter(options, telemetry, clock, logger).Start();
        _viewParts.AddRange([writer, telemetry]);
        return new RedisViews(
            topology, new RedisViewServer(redis), new ChangelogEpochs(handle).OfAsync, options, writer, clock, logger, connection.PartitionsMultiple);
    }

    [LoggerMessage(EventId = 144, Level = LogLevel.Error, Message = "{Topology}: a watch over its fetches or its group has ended until the next start")]
    private partial void WatchEnded(string topology, Exception fault);
}
