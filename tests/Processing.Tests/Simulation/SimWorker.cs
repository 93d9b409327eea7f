using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Commerce.Streaming.Processing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>One process of the topology: the real loop, engine and assignment on simulated Kafka.</summary>
internal sealed class SimWorker
{
    private static readonly LoopLimits Limits = new()
    {
        CommitInterval = TimeSpan.FromMilliseconds(50),
        CommitLinger = TimeSpan.FromMilliseconds(5),
        TransactionRecordsMax = 4,
        TransactionBytesMax = 1_000_000,
        PollWaitMax = TimeSpan.FromMilliseconds(10),
        RetryWaitMin = TimeSpan.FromMilliseconds(1),
        RetryWaitMax = TimeSpan.FromMilliseconds(1),
        RegistryWaitMax = TimeSpan.FromSeconds(1),
    };

    private readonly SimRestorer _restorer;
    private readonly TopologyLoop _loop;

    public SimWorker(SimTopology topology, SimCluster cluster, SimGroup group, SimFaults faults, string instance, TestClock clock, Random random, Action<SimWorker> hang)
    {
        Instance = instance;
        var definition = topology.Build();
        var engine = new TopologyEngine(definition, new SimSerdes(faults), clock, recordBytesMax: 100_000);
        var records = new TransactionRecords();
        var views = new NoViews();
        _restorer = new SimRestorer(cluster, topology.Inputs);
        var assignment = new TopologyAssignment(definition, engine, records, _restorer, views, NullLogger.Instance);
        Source = new SimSource(cluster, group, assignment, faults, random);
        assignment.Source = Source;
        var log = new SimTransactions(cluster, instance, SimTopology.Partitions, faults, () => hang(this), clock);
        _loop = new TopologyLoop(
            engine, assignment, records, Source, log, views, Limits, new TopologyTelemetry(definition, new LagTracker(clock)), clock,
            NullLogger.Instance, pause: clock.Advance);
        group.Join(Source);
    }

    public string Instance { get; }

    public SimSource Source { get; }

    public void Step()
    {
        _restorer.Step();
        _loop.RunOnce();
    }
}
