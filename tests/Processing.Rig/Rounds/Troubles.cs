using Commerce.Streaming.Processing.Rig.Servers;

namespace Commerce.Streaming.Processing.Rig.Rounds;

/// <summary>What may happen in a round.</summary>
internal enum Trouble
{
    KillWorker,
    Zombie,
    WorkerLeaves,
    WorkerJoins,
    KillBroker,
    HangBroker,
    KillRedis,
}

/// <summary>Makes trouble, by a seed. Every trouble ends with everything running again.</summary>
internal sealed class Troubles(WorkerCrew crew, IBrokers brokers, RedisProcess redis, Random random, Action<string> log)
{
    /// <summary>Longer than the workers' session (6 s): others take over, and it comes back as a zombie.</summary>
    private static readonly TimeSpan PastSession = TimeSpan.FromSeconds(8);

    private static readonly (Trouble Trouble, int Weight)[] Weights =
    [
        (Trouble.KillWorker, 6), (Trouble.Zombie, 3), (Trouble.WorkerLeaves, 3), (Trouble.WorkerJoins, 2),
        (Trouble.KillBroker, 4), (Trouble.HangBroker, 1), (Trouble.KillRedis, 3),
    ];

    /// <summary>Rounds in which two troubles meet.</summary>
    private const double Double = 0.3;

    public Dictionary<Trouble, int> Made { get; } = [];

    public async Task MakeAsync()
    {
        if (random.NextDouble() < Double)
            await Task.WhenAll(MakeAsync(Draw()), MakeAsync(Draw()));
        else
            await MakeAsync(Draw());
    }

    private Trouble Draw()
    {
        var roll = random.Next(Weights.Sum(each => each.Weight));
        foreach (var (trouble, weight) in Weights)
        {
            if ((roll -= weight) < 0)
                return trouble;
        }

        return Trouble.KillWorker;
    }

    private Task MakeAsync(Trouble trouble)
    {
        var slot = random.Next(crew.Slots);
        var broker = random.Next(brokers.Count);
        var pause = TimeSpan.FromMilliseconds(random.Next(3_000));
        Made[trouble] = Made.GetValueOrDefault(trouble) + 1;
        log($"{trouble} (worker {slot}, broker {broker}, {pause.TotalSeconds:0.0} s)");
        return trouble switch
        {
            Trouble.Zombie => crew.HangAsync(slot, PastSession + pause),
            Trouble.WorkerLeaves => LeaveAsync(slot, pause),
            Trouble.WorkerJoins => JoinAsync(pause),
            Trouble.KillBroker => KillBrokerAsync(broker, pause),
            Trouble.HangBroker => HangBrokerAsync(broker, pause),
            Trouble.KillRedis => KillRedisAsync(pause),
            _ => KillWorkerAsync(slot, pause),
        };
    }

    private async Task KillWorkerAsync(int slot, TimeSpan pause)
    {
        await crew.KillAsync(slot);
        // Half of the time at once, as a supervisor does; else others take the partitions over.
        await Task.Delay(random.Next(2) == 0 ? TimeSpan.Zero : pause * 3);
        Rejoin(slot);
    }

    private async Task LeaveAsync(int slot, TimeSpan pause)
    {
        await crew.LeaveAsync(slot);
        await Task.Delay(pause);
        Rejoin(slot);
    }

    private async Task JoinAsync(TimeSpan pause)
    {
        for (var slot = 0; slot < crew.Slots; slot++)
        {
            if (crew.Has(slot))
                continue;
            crew.Join(slot);
            await Task.Delay(pause);
            return;
        }

        // All are there: the last one goes, to come back by a later round.
        await crew.LeaveAsync(crew.Slots - 1);
    }

    private async Task KillBrokerAsync(int broker, TimeSpan pause)
    {
        await _brokerGate.WaitAsync();
        try
        {
            await brokers.KillAsync(broker);
            await Task.Delay(pause);
            await brokers.StartAsync(broker);
        }
        finally
        {
            _brokerGate.Release();
        }
    }

    private async Task HangBrokerAsync(int broker, TimeSpan pause)
    {
        await _brokerGate.WaitAsync();
        try
        {
            brokers.Pause(broker);
            await Task.Delay(pause);
            brokers.Resume(broker);
        }
        finally
        {
            _brokerGate.Release();
        }
    }

    private async Task KillRedisAsync(TimeSpan pause)
    {
        await _redisGate.WaitAsync();
        try
        {
            await redis.KillAsync();
            await Task.Delay(pause);
            await redis.StartAsync();
        }
        finally
        {
            _redisGate.Release();
        }
    }

    private void Rejoin(int slot)
    {
        if (!crew.Has(slot))
            crew.Join(slot);
    }

    /// <summary>One broker at a time: of three, two must be in sync for a write.</summary>
    private readonly SemaphoreSlim _brokerGate = new(1, 1);

    private readonly SemaphoreSlim _redisGate = new(1, 1);
}
