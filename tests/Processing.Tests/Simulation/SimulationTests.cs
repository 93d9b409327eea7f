namespace Commerce.Streaming.Processing.Tests.Simulation;

public sealed class SimulationTests
{
    private const int Seeds = 100;

    /// <summary>COMMERCE_SIMULATION_SEED runs one seed, COMMERCE_SIMULATION_SEEDS as many as wanted.</summary>
    [Fact]
    public void Whatever_crashes_hangs_or_moves_nothing_is_lost_doubled_or_out_of_order()
    {
        if (Number("COMMERCE_SIMULATION_SEED") is { } only)
        {
            Check(only);
            return;
        }

        var crashes = 0;
        for (var seed = 1; seed <= (Number("COMMERCE_SIMULATION_SEEDS") ?? Seeds); seed++)
            crashes += Check(seed);
        crashes.ShouldBeGreaterThan(0);
    }

    private static int Check(int seed)
    {
        var run = new SimRun(seed);
        try
        {
            run.Run();
            run.Result().ShouldBeRight();
        }
        catch (Exception wrong)
        {
            throw new InvalidOperationException($"seed {seed}: {wrong.Message}", wrong);
        }

        return run.Crashes;
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
