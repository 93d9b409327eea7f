using System.Globalization;
using Commerce.Streaming.Processing.Rig.Counting;
using Commerce.Streaming.Processing.Rig.Servers;

namespace Commerce.Streaming.Processing.Rig.Rounds;

/// <summary>
/// Rounds of trouble under continuous load on real servers. After every few rounds the feed stops, the workers finish and leave, and
/// outputs, dead letters, state and Redis are compared with what the input log says they must be, record by record.
/// </summary>
internal sealed class RoundsRun(RoundsOptions options) : IAsyncDisposable
{
    private const int Keys = 200;
    private const int Slots = 3;
    private const int Partitions = 6;
    private const double Poison = 0.01;
    private const double Repeated = 0.02;
    private const int FeedsPerSecond = 10;

    private static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(3);
    private readonly RigServers _servers = new();
    private readonly Dictionary<Trouble, int> _made = [];
    private readonly TimeProvider _clock = TimeProvider.System;
    private long _records;
    private long _poison;
    private long _repeated;
    private long _retries;
    private long _parked;
    private int _exits;
    private int _rebuilds;

    /// <summary>Whether everything was as it must be.</summary>
    public async Task<bool> RunAsync()
    {
        var started = _clock.GetTimestamp();
        await _servers.StartAsync(options.Brokers);
        var done = 0;
        for (var check = 0; done < options.Rounds; check++)
        {
            var rounds = Math.Min(options.RoundsPerCheck, options.Rounds - done);
            var differences = await CheckAsync(options.Seed * 1_000 + check, rounds);
            done += rounds;
            foreach (var difference in differences)
                Say("WRONG: " + difference);
            if (differences.Count > 0)
            {
                Say($"the servers' data and logs are kept in {_servers.Folder}");
                return false;
            }
        }

        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{done} rounds on {Where} in {_clock.GetElapsedTime(started).TotalMinutes:0.0} min: {_records:n0} records, {_poison:n0} poison, {_repeated:n0} sent twice; "
            + $"{string.Join(", ", _made.OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value}"))}; "
            + $"{(options.IsParking ? $"{_parked:n0} keys seen parked, {_retries:n0} orders to retry or skip given; " : "")}"
            + $"{_rebuilds} rebuilt in the process, {_exits} processes ended by themselves; outputs, dead letters, state and Redis ({_servers.Redis.Kind}) equal the model exactly"));
        return true;
    }

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private string Where => options.Brokers == 0 ? "the embedded broker" : $"Apache Kafka, {options.Brokers} broker(s)";

    private async Task<IReadOnlyList<string>> CheckAsync(int seed, int rounds)
    {
        var random = new Random(seed);
        var servers = _servers.Addresses;
        using var run = await CountingRun.CreateAsync(servers, Partitions, options.IsParking);
        using var stop = new CancellationTokenSource();
        var feedSeed = random.Next();
        var feeding = Task.Factory.StartNew(
            () => FeedUntil(run, new Random(feedSeed), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await using var crew = new WorkerCrew(servers, run.Topology, Slots, Say);
        for (var slot = 0; slot < Slots - 1; slot++)
            crew.Join(slot);
        crew.Begin();
        var letters = options.IsParking ? LetterOperator.Begin(servers, run.Topology, random.Next()) : null;
        var troubles = new Troubles(crew, _servers.Brokers, _servers.Redis, random, Say);
        for (var round = 0; round < rounds; round++)
        {
            await troubles.MakeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 2_000)));
        }

        await stop.CancelAsync();
        await feeding;
        if (letters is not null)
        {
            _retries += await letters.EndAsync(DrainMax);
            _parked += letters.Seen;
        }

        var drained = await run.ResultAsync(DrainMax);
        var view = await run.ViewDifferencesAsync(drained.Expected);
        (int Slot, string Log)[] logs = [.. crew.Logs()];
        await crew.LeaveAllAsync();
        // What comes twice comes after what comes once: once more, now that nobody works.
        var result = await run.ResultAsync(TimeSpan.Zero);
        IReadOnlyList<string> differences = [.. result.Differences(), .. view];
        Sum(troubles, crew, result.Expected);
        Say($"seed {seed}: {rounds} rounds, {result.Expected.Records} records, {(differences.Count == 0 ? "equal" : "DIFFERENT")}");
        if (differences.Count > 0)
            await KeepLogsAsync(seed, logs);
        return differences;
    }

    private void Sum(Troubles troubles, WorkerCrew crew, CountingModel model)
    {
        foreach (var (trouble, times) in troubles.Made)
            _made[trouble] = _made.GetValueOrDefault(trouble) + times;
        _records += model.Records;
        _poison += model.Poison.Count;
        _repeated += model.Repeated;
        _exits += crew.Exits;
        _rebuilds += crew.Rebuilds;
    }

    private async Task KeepLogsAsync(int seed, IEnumerable<(int Slot, string Log)> logs)
    {
        foreach (var (name, log) in logs)
            await File.WriteAllTextAsync(Path.Combine(_servers.Folder, $"worker-{seed}-{name}.log"), log);
    }

    private void FeedUntil(CountingRun run, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            run.Offer(random, options.RatePerSecond / FeedsPerSecond, Keys, Poison, Repeated);
            stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1.0 / FeedsPerSecond));
        }

        run.Flush();
    }

    private void Say(string line) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.GetLocalNow():HH:mm:ss} {line}"));
}
