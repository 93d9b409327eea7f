using System.Text;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>
/// One run from one seed: records, crashes before and after every effect, aborts, rebalances, hanging processes that come back, markers
/// that arrive late, transactions that time out. Everything is drawn from the seed, so a seed that fails fails again, step by step.
/// </summary>
internal sealed class SimRun
{
    private const int Workers = 3;
    private const int Records = 120;
    private const int Keys = 7;
    private const int StepsMax = 60_000;
    private const int StepsBetweenLooks = 100;
    private const double HangProbability = 0.01;
    private const int StepsAfterwards = 300;

    private readonly Random _random;
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimTopology _topology = new();
    private readonly PlainAvroSerdes _serdes = new();
    private readonly SimCluster _cluster;
    private readonly SimGroup _group;
    private readonly SimFaults _faults;
    private readonly SimWorker?[] _workers = new SimWorker?[Workers];
    private readonly HashSet<SimWorker> _hanging = [];
    private int _fed;

    public SimRun(int seed)
    {
        _random = new Random(seed);
        _faults = new SimFaults(_random, crash: _random.NextDouble() * 0.02, abort: _random.NextDouble() * 0.05);
        _cluster = new SimCluster(_random);
        _group = new SimGroup(_topology.Inputs, SimTopology.Partitions);
    }

    public int Crashes { get; private set; }

    public void Run()
    {
        for (var step = 0; step < 1_500 || _fed < Records; step++)
            Step();
        _faults.IsHealed = true;
        for (var step = 1; step % StepsBetweenLooks != 0 || !Result().IsComplete; step++)
        {
            if (step > StepsMax)
                throw new TimeoutException($"the topology does not come to its end: {Result()}; {Crashes} crashes");
            Step();
        }

        // What comes twice comes after what comes once.
        for (var step = 0; step < StepsAfterwards; step++)
            Step();
    }

    public SimResult Result() => new(_topology, _cluster, _serdes);

    private void Step()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(_random.Next(3)));
        if (_fed < Records && _random.Next(8) == 0)
            Feed();
        if (_random.Next(2) == 0)
            _cluster.SettleSome();
        var slot = _random.Next(Workers);
        if (_workers[slot] is { } worker && !_hanging.Contains(worker))
            StepWorker(slot, worker);
        else if (_workers[slot] is null && (_faults.IsHealed || _random.Next(20) == 0))
            Guarded(slot, () => _workers[slot] = NewWorker(slot));
    }

    private void StepWorker(int slot, SimWorker worker)
    {
        Guarded(slot, worker.Step);
        // An orderly group notices a member's death only after its session.
        if (_faults.Happens(0.002))
            _group.Remove(worker.Source);
    }

    private void Guarded(int slot, Action action)
    {
        var worker = _workers[slot];
        try
        {
            action();
        }
        catch (Exception end) when (end is SimCrashException or TopologyFailedException)
        {
            Crashes++;
            _workers[slot] = null;
            if (worker is not null)
                _group.Remove(worker.Source);
        }
    }

    private SimWorker NewWorker(int slot) => new(_topology, _cluster, _group, _faults, $"worker-{slot}", _clock, _random, Hang);

    /// <summary>A process hangs in the middle of a commit: others may take over, its transaction may time out; then it goes on.</summary>
    private void Hang(SimWorker worker)
    {
        if (_hanging.Count > 0 || !_faults.Happens(HangProbability))
            return;
        _hanging.Add(worker);
        if (_random.Next(3) > 0)
            _group.Remove(worker.Source);
        if (_random.Next(3) == 0)
            _cluster.TimeOut(worker.Instance);
        for (var step = _random.Next(200); step > 0; step--)
            Step();
        _hanging.Remove(worker);
    }

    private void Feed()
    {
        var key = $"key-{_random.Next(Keys)}";
        var topic = _random.Next(2) == 0 ? _topology.First : _topology.Second;
        var value = Tally.Of(_random.Next(1, 50));
        byte[]? bytes = null;
        switch (_random.Next(30))
        {
            case 0:
                bytes = [9, 9];
                break;
            case 1:
                value = Tally.Of(1, CountingTopology.Poison);
                break;
            case 2:
                // A key of its own: state that the next record of the transaction replaces never needs to be written.
                key = $"odd-{_fed}";
                value = Tally.Of(1, SimTopology.Unwritable);
                break;
        }

        var keyBytes = Encoding.UTF8.GetBytes(key);
        _cluster.Append(
            _cluster.Partition(topic.Name, Murmur2.PartitionOf(keyBytes, SimTopology.Partitions)), keyBytes,
            bytes ?? _serdes.For(topic).Write(value), _clock.GetUtcNow(), transaction: null);
        _fed++;
    }
}
