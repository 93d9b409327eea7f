using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>
/// One run from one seed: records, some poison and some twice, crashes before and after every effect, aborts, rebalances, processes that
/// hang at any call and come back, markers that arrive late, transactions that time out, Redis that is away or loses everything.
/// Everything is drawn from the seed, so a seed that fails fails again, step by step.
/// </summary>
internal sealed class SimRun
{
    private const int Workers = 3;
    private const int Records = 120;
    private const int Keys = 7;
    private const int StepsAtLeast = 1_500;
    private const int StepsMax = 60_000;
    private const int StepsBetweenLooks = 100;
    private const int StepsBetweenTicks = 500;
    private const int StepsAfterwards = 300;
    private const int HangingMax = 2;
    private const double HangProbability = 0.003;

    private readonly Random _random;
    private readonly SimWorld _world;
    private readonly SimTopology _topology;
    private readonly PlainAvroSerdes _serdes = new();
    private readonly SimWorker?[] _workers = new SimWorker?[Workers];
    private readonly HashSet<SimWorker> _hanging = [];
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly Queue<(Topic<Tally> Topic, byte[] Key, byte[] Value)> _twice = new();
    private readonly SimOperator? _operator;
    private int _fed;

    public SimRun(int seed, SimMutation mutation = SimMutation.None, Action<string>? log = null)
    {
        _random = new Random(seed);
        Trace = new SimTrace(log);
        _topology = new SimTopology(hasSecondInput: _random.Next(2) == 0, isParallel: _random.Next(3) == 0, LettersOf(_random.Next(6)));
        var faults = new SimFaults(_random, crash: _random.NextDouble() * 0.02, abort: _random.NextDouble() * 0.05);
        var cluster = new SimCluster(_random, Trace, mutation);
        _world = new SimWorld(
            _topology, cluster, new SimGroup(_topology.Inputs, SimTopology.Partitions, _topology.IsCooperative, Trace),
            new SimRedis(Trace, isGuarded: mutation != SimMutation.ViewUnguarded), faults,
            new TestClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), _random, Trace, mutation);
        if (_topology.Letters != SimLetters.Final)
            _operator = new SimOperator(_topology, cluster, _serdes, _random, _world.Clock);
    }

    private static SimLetters LettersOf(int roll) => roll < 2 ? SimLetters.Final : roll < 3 ? SimLetters.InAnyOrder : SimLetters.Parking;

    public int Crashes { get; private set; }

    public SimTrace Trace { get; }

    /// <exception cref="TimeoutException">It does not come to its end.</exception>
    public void Run()
    {
        try
        {
            RunToTheEnd();
        }
        finally
        {
            foreach (var worker in _workers)
                worker?.Dispose();
        }
    }

    private void RunToTheEnd()
    {
        for (var step = 0; step < StepsAtLeast || _fed < Records; step++)
            Step();
        _world.Faults.IsHealed = true;
        _world.Redis.IsAway = false;
        _topology.IsRepaired = _operator is not null;
        for (var step = 1; step % StepsBetweenLooks != 0 || !Result().IsComplete; step++)
        {
            if (step > StepsMax)
                throw new TimeoutException($"the topology does not come to its end: {string.Join("; ", Result().Differences().Take(3))}; {Crashes} crashes");
            if (step % StepsBetweenTicks == 0)
                Tick();
            if (step % StepsBetweenLooks == 0)
                _operator?.Clear();
            Step();
        }

        // What comes twice comes after what comes once.
        for (var step = 0; step < StepsAfterwards; step++)
            Step();
    }

    public SimResult Result() => new(_topology, _world.Cluster, _world.Redis, _serdes, _operator);

    private void Step()
    {
        _world.Clock.Advance(TimeSpan.FromMilliseconds(_random.Next(3)));
        if (_fed < Records && _random.Next(8) == 0)
            Feed();
        if (_random.Next(2) == 0)
            _world.Cluster.SettleSome();
        TroubleRedis();
        TroubleLetters();
        var slot = _random.Next(Workers);
        if (_workers[slot] is { } worker && !_hanging.Contains(worker))
            StepWorker(slot, worker);
        else if (_workers[slot] is null && (_world.Faults.IsHealed || _random.Next(20) == 0))
            Guarded(slot, () => _workers[slot] = new SimWorker(_world, $"worker-{slot}", Hang));
    }

    private void TroubleRedis()
    {
        if (_world.Faults.Happens(0.002))
            _world.Redis.Clear();
        if (_world.Faults.Happens(_world.Redis.IsAway ? 0.02 : 0.002))
            _world.Redis.IsAway = !_world.Redis.IsAway;
    }

    private void TroubleLetters()
    {
        if (_operator is null)
            return;
        if (_world.Faults.Happens(0.003))
            _topology.IsRepaired = !_topology.IsRepaired;
        if (_random.Next(60) == 0)
            _operator.Dabble();
    }

    private void StepWorker(int slot, SimWorker worker)
    {
        Guarded(slot, worker.Step);
        // An orderly group notices a member's death only after its session.
        if (_world.Faults.Happens(0.002))
            _world.Group.Remove(worker.Source);
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
            Trace.Add("end", end.Message, slot);
            Crashes++;
            _workers[slot] = null;
            if (worker is null)
                return;
            _world.Group.Remove(worker.Source);
            worker.Dispose();
        }
    }

    /// <summary>A process hangs in a call: others may take over, its transaction may time out; then it goes on as if nothing had been.</summary>
    private void Hang(SimWorker worker)
    {
        if (_hanging.Count >= HangingMax || _hanging.Contains(worker) || !_world.Faults.Happens(HangProbability))
            return;
        Trace.Add("hangs", worker.Instance, 0);
        _hanging.Add(worker);
        if (_random.Next(3) > 0)
            _world.Group.Remove(worker.Source);
        if (_random.Next(3) == 0)
            _world.Cluster.TimeOut(worker.Instance);
        for (var step = _random.Next(200); step > 0; step--)
            Step();
        _hanging.Remove(worker);
        Trace.Add("goes on", worker.Instance, 0);
    }

    private void Feed()
    {
        if (_twice.Count > 0 && _random.Next(2) == 0)
        {
            var (again, sameKey, sameValue) = _twice.Dequeue();
            Append(again, sameKey, sameValue);
            return;
        }

        var key = $"key-{_random.Next(Keys)}";
        var topic = !_topology.HasSecondInput || _random.Next(2) == 0 ? _topology.First : _topology.Second;
        var sequence = _sequences.GetValueOrDefault(topic.Name + key) + 1;
        var value = Tally.Of(_random.Next(1, 50), $"{sequence}");
        byte[]? bytes = null;
        switch (_random.Next(30))
        {
            case 0:
                bytes = [9, 9];
                break;
            case 1:
                value = Tally.Of(1, SimTopology.Poison);
                break;
            case 2:
                // A key of its own: state that the next record of the transaction replaces never needs to be written.
                key = $"odd-{_fed}";
                value = Tally.Of(1, SimTopology.Unwritable);
                break;
            default:
                _sequences[topic.Name + key] = sequence;
                break;
        }

        bytes ??= _serdes.For(topic).Write(value);
        var keyBytes = Encoding.UTF8.GetBytes(key);
        Append(topic, keyBytes, bytes);
        // Right behind, for a repetition that comes after the next of its key is another's business.
        if (SimTopology.SequenceOf(value.Note) is not null && _random.Next(15) == 0)
            _twice.Enqueue((topic, keyBytes, bytes));
        _fed++;
    }

    /// <summary>Moves stream time in every partition, so that the last echoes are due.</summary>
    private void Tick()
    {
        for (var number = 0; number < SimTopology.Partitions; number++)
        {
            _world.Cluster.Append(
                _world.Cluster.Partition(_topology.First.Name, number), Encoding.UTF8.GetBytes("tick"),
                _serdes.For(_topology.First).Write(Tally.Of(0, SimTopology.Tick)), _world.Clock.GetUtcNow(), transaction: null);
        }
    }

    private void Append(Topic<Tally> topic, byte[] key, byte[] value) =>
        _world.Cluster.Append(
            _world.Cluster.Partition(topic.Name, Murmur2.PartitionOf(key, SimTopology.Partitions)), key, value, _world.Clock.GetUtcNow(),
            transaction: null);
}
