using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Processing.Redis;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Hosting;

/// <summary>
/// Waits for topics and schemas, then runs the loop on a thread of its own until the host stops. A run that fails (a fenced producer, a
/// restoration that came to nothing) is followed by another from the committed state, a second later; a topology that is wrong, or a
/// name that another process uses, ends the host.
/// </summary>
internal sealed partial class TopologyHost(Topology topology, ProcessingOptions options, TopologyStatus status, IServiceProvider services)
    : BackgroundService
{
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Streaming.Processing." + topology.Name);
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other; nothing of this may hold the others up.
        await Task.Yield();
        using var ready = new ReadyTelemetry(topology.Name, () => status.NotReady is null);
        try
        {
            TopologyValidation.ThrowIfInvalid(topology);
            var connection = KafkaConnection.From(services.GetRequiredService<IConfiguration>());
            using var registry = new CachedSchemaRegistryClient(connection.RegistryProperties);
            if (!await PrerequisitesAsync(connection, registry, stoppingToken))
                return;
            await using var redis = topology.Views.Count == 0
                ? null
                : await ConnectionMultiplexer.ConnectAsync(RedisAddress.From(services.GetRequiredService<IConfiguration>()));
            await OnOwnThread(() => RunLoop(connection, registry, redis?.GetDatabase(), stoppingToken));
        }
        catch (Exception failure)
        {
            status.NotReady = "it failed";
            Failed(topology.Name, failure);
            throw;
        }
    }

    private async Task<bool> PrerequisitesAsync(KafkaConnection connection, ISchemaRegistryClient registry, CancellationToken stopping)
    {
        using var admin = new AdminClientBuilder(connection.Producer())
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        var wait = options.RetryWaitMin;
        while (!stopping.IsCancellationRequested)
        {
            status.Turned();
            var fault = TopicCheck.Fault(topology, admin, connection.PartitionsMultiple) ?? await SchemaWarmUp.FaultAsync(topology, registry);
            if (fault is null)
                return true;
            status.NotReady = fault;
            Waiting(topology.Name, fault);
            wait = wait * 2 < options.RetryWaitMax ? wait * 2 : options.RetryWaitMax;
            await Task.Delay(wait, _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private void RunLoop(KafkaConnection connection, ISchemaRegistryClient registry, IDatabase? redis, CancellationToken stopping)
    {
        var patience = new RebuildPolicy(options, _clock);
        while (RunUntilFailure(connection, registry, redis, stopping) is { } failure)
        {
            status.NotReady = "it starts anew after a failure";
            TopologyTelemetry.Rebuilt(topology.Name, failure.Reason);
            Rebuilding(topology.Name, failure.Reason, failure);
            // Whoever has taken our name joins the group meanwhile.
            stopping.WaitHandle.WaitOne(patience.WaitAfter(failure));
            if (failure.HasLostName || NameCheck.Taken(topology, options, connection, failure.MemberId))
                patience.NameLost(failure);
        }
    }

    /// <summary>The failure that ended the run, or null when the host stops.</summary>
    private TopologyFailedException? RunUntilFailure(
        KafkaConnection connection, ISchemaRegistryClient registry, IDatabase? redis, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
            return null;
        status.NotReady = "it has not joined its consumer group";
        TopologyRun? running = null;
        try
        {
            running = new TopologyRun(topology, options, connection, registry, redis, _clock, _logger, stopping);
            while (!stopping.IsCancellationRequested)
            {
                running.Loop.RunOnce();
                status.Turned();
                status.NotReady = running.NotReady;
            }

            status.NotReady = "it is stopping";
            running.Loop.Stop();
            Stopped(topology.Name);
            return null;
        }
        catch (TopologyFailedException failure) when (!failure.IsFinal)
        {
            running?.Abandon(failure);
            failure.MemberId = running?.LastMemberId;
            return failure;
        }
        catch (Exception)
        {
            running?.Abandon(failure: null);
            throw;
        }
        finally
        {
            running?.Dispose();
        }
    }

    // A consumer's thread blocks for its whole life; the pool should not lose one.
    private Task OnOwnThread(Action run)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                run();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = topology.Name,
        };
        thread.Start();
        return done.Task;
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Warning, Message = "{Topology} waits: {Reason}")]
    private partial void Waiting(string topology, string reason);

    [LoggerMessage(EventId = 141, Level = LogLevel.Critical, Message = "{Topology} failed; the process must be started anew")]
    private partial void Failed(string topology, Exception failure);

    [LoggerMessage(EventId = 142, Level = LogLevel.Information, Message = "{Topology} stopped")]
    private partial void Stopped(string topology);

    [LoggerMessage(EventId = 143, Level = LogLevel.Warning, Message = "{Topology} starts anew from its committed state: {Reason}")]
    private partial void Rebuilding(string topology, string reason, Exception failure);
}
