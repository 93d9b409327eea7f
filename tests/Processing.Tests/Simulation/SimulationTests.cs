namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>Seeds of the deterministic simulation; `./commerce simulate` runs as many as wanted.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 2_000;

    /// <summary>Seeds within which every mutation must show; most show within the first few.</summary>
    private const int MutationSeedsMax = 300;

    [Fact]
    public void Whatever_crashes_hangs_or_moves_nothing_is_lost_doubled_or_out_of_order()
    {
        var outcomes = Enumerable.Range(1, Seeds).AsParallel().Select(seed => ProcessingSimulation.Simulation.Run(seed)).ToList();

        outcomes.Where(outcome => !outcome.IsRight).Select(outcome => outcome.Describe()).ShouldBeEmpty();
        outcomes.Sum(outcome => outcome.Crashes).ShouldBeGreaterThan(Seeds);
    }

    [Fact]
    public void A_seed_replays_bit_for_bit()
    {
        foreach (var seed in Enumerable.Range(1, 20))
            ProcessingSimulation.Simulation.Run(seed).Trace.ShouldBe(ProcessingSimulation.Simulation.Run(seed).Trace);
    }

    public static TheoryData<SimMutation> Mutations => [.. Enum.GetValues<SimMutation>().Where(mutation => mutation != SimMutation.None)];

    /// <summary>A simulation that cannot fail proves nothing.</summary>
    [Theory]
    [MemberData(nameof(Mutations))]
    public void What_exactly_once_stands_on_cannot_be_broken_unnoticed(SimMutation mutation) =>
        Enumerable.Range(1, MutationSeedsMax).ShouldContain(seed => !ProcessingSimulation.Simulation.Run(seed, mutation).IsRight);
}
