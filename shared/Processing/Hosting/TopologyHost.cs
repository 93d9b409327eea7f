using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Processing.Redis;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Hosting;

/// <summary>Waits for topics and schemas, then runs the loop on a thread of its own until the host stops or the topology fails.</summary>
internal sealed partial class TopologyHost(Topology topology, ProcessingOptions options, TopologyStatus status, IServiceProvider services)
    : BackgroundService
{
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Streaming.Processing." + topology.Name);
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other; nothing of this may hold the others up.
        await Task.Yield();
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
            var fault = TopicCheck.Fault(topology, admin) ?? await SchemaWarmUp.FaultAsync(topology, registry);
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
        status.NotReady = "it has not joined its consumer group";
        using var running = new TopologyRun(topology, options, connection, registry, redis, _clock, _logger, stopping);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                running.Loop.RunOnce();
                status.Turned();
                status.NotReady = running.NotReady;
            }

            status.NotReady = "it is stopping";
            running.Loop.Stop();
            Stopped(topology.Name);
        }
        catch (Exception)
        {
            running.Abandon();
            throw;
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
}
