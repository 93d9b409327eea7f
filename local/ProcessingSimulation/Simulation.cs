using System.Globalization;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>What a seed came to.</summary>
/// <param name="Differences">What was not as it must be; empty when all was.</param>
/// <param name="Trace">Hash of everything that happened: a replay of the seed has the same.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Crashes">How many processes ended on the way.</param>
public sealed record SimulationOutcome(int Seed, IReadOnlyList<string> Differences, ulong Trace, long Events, int Crashes)
{
    /// <summary>All was as it must be.</summary>
    public bool IsRight => Differences.Count == 0;

    /// <summary>Seed, trace, what is wrong, and the command that replays it.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed} (trace {Trace:x16}, {Events} events, {Crashes} crashes): {(IsRight ? "right" : string.Join("; ", Differences.Take(5)))}"
        + $"{(IsRight ? "" : $"\n  replay: ./commerce simulate --from {Seed} --seeds 1 --trace")}");
}

/// <summary>
/// The topology runtime (loop, engine, assignment, views) on simulated Kafka, Redis and time. A seed decides everything: same seed, same
/// run, bit for bit.
/// </summary>
public static class Simulation
{
    /// <summary>Runs one seed.</summary>
    /// <param name="mutation">What to break, to see that it shows.</param>
    /// <param name="log">Takes every event in words.</param>
    public static SimulationOutcome Run(int seed, SimMutation mutation = SimMutation.None, Action<string>? log = null)
    {
        var run = new SimRun(seed, mutation, log);
        IReadOnlyList<string> differences;
        try
        {
            run.Run();
            differences = run.Result().Differences();
        }
        catch (Exception wrong)
        {
            differences = [$"{wrong.GetType().Name}: {wrong.Message}"];
        }

        return new SimulationOutcome(seed, differences, run.Trace.Hash, run.Trace.Events, run.Crashes);
    }
}
