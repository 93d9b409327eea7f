using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Redis;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Commerce.Streaming.Processing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>What all workers of a run share.</summary>
internal sealed record SimWorld(
    SimTopology Topology, SimCluster Cluster, SimGroup Group, SimRedis Redis, SimFaults Faults, TestClock Clock, Random Random, SimTrace Trace,
    SimMutation Mutation);

/// <summary>One process of the topology: the real loop, engine, assignment and views on simulated Kafka and Redis.</summary>
internal sealed class SimWorker : IDisposable
{
    private static readonly ProcessingOptions Options = new()
    {
        CommitInterval = TimeSpan.FromMilliseconds(50),
        CommitLinger = TimeSpan.FromMilliseconds(5),
        TransactionRecordsMax = 4,
        TransactionBytesMax = 1_000_000,
        PollWaitMax = TimeSpan.FromMilliseconds(10),
        RetryWaitMin = TimeSpan.FromMilliseconds(1),
        RetryWaitMax = TimeSpan.FromMilliseconds(1),
        RegistryWaitMax = TimeSpan.FromSeconds(1),
        RecordBytesMax = 100_000,
        Parallelism = LaneCount,
        ViewChunkKeys = 2,
        ViewQueueMax = 3,
        ViewWaitMax = TimeSpan.Zero,
        ViewAuditInterval = TimeSpan.FromMilliseconds(40),
    };

    private const int LaneCount = 3;

    private static readonly LoopLimits Limits = Options.ToLoopLimits() with { BatchRecordsMax = 4 };

    private readonly SimRestorer _restorer;
    private readonly TopologyLoop _loop;
    private readonly ViewWriter _views;
    private readonly TopologyTelemetry _telemetry;
    private readonly ViewTelemetry _viewTelemetry;
    private readonly Random _random;

    public SimWorker(SimWorld world, string instance, Action<SimWorker> hang)
    {
        Instance = instance;
        _random = world.Random;
        var definition = world.Topology.Build();
        var engine = new TopologyEngine(definition, new SimSerdes(world.Faults), world.Clock, Options.RecordBytesMax);
        var records = new TransactionRecords();
        _viewTelemetry = new ViewTelemetry(definition);
        _views = new ViewWriter(Options, _viewTelemetry, world.Clock, NullLogger.Instance);
        var views = new RedisViews(
            definition, new SimRedisClient(world.Redis, world.Faults, () => hang(this)), _ => Task.FromResult("sim"), Options, _views, world.Clock,
            NullLogger.Instance);
        _restorer = new SimRestorer(world.Cluster, world.Topology.Inputs, views, world.Faults, world.Mutation);
        _telemetry = new TopologyTelemetry(definition, new LagTracker(world.Clock));
        var assignment = new TopologyAssignment(definition, engine, records, _restorer, views, _telemetry, NullLogger.Instance);
        Source = new SimSource(
            instance, world.Cluster, world.Group, assignment, world.Faults, world.Trace, _random, () => hang(this));
        assignment.Source = Source;
        var log = new SimTransactions(
            world.Cluster, instance, SimTopology.Partitions, world.Topology.DeadLetters.Name, world.Faults, () => hang(this), world.Clock, world.Mutation);
        _loop = new TopologyLoop(
            engine, assignment, records, Source, log, views, Limits, _telemetry, world.Clock,
            NullLogger.Instance, pause: world.Clock.Advance,
            engine.AllowsLanes ? new Lanes(engine, LaneCount, _telemetry, world.Clock, OneAfterTheOther) : null);
        world.Group.Join(Source);
    }

    // Lanes change nothing that another one sees, so that their order is of no account; threads would make every run another.
    private static void OneAfterTheOther(int count, Action<int> lane)
    {
        for (var index = 0; index < count; index++)
            lane(index);
    }

    public string Instance { get; }

    public SimSource Source { get; }

    /// <summary>Restorations, the loop and the views' writer run side by side: each takes its step or leaves it.</summary>
    public void Step()
    {
        _restorer.Step();
        if (_random.Next(3) > 0)
            _loop.RunOnce();
        if (_random.Next(2) == 0)
            _views.StepAsync().GetAwaiter().GetResult();
    }

    /// <summary>Thousands of runs in one process would leave it as many meters.</summary>
    public void Dispose()
    {
        _telemetry.Dispose();
        _viewTelemetry.Dispose();
    }
}
