using CsCheck;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>
/// Any interleaving of reserving, hanging up, asking again, releasing, selling, lapsing, reading again and kill -9. What must hold after
/// every step is in <see cref="ReservationWorld"/> and <see cref="Shelf"/>.
/// </summary>
public sealed class ReservationInterleavings
{
    private const int Histories = 500;

    private enum Kind { Ask, Process, HangUp, Release, Sell, Pass, Redeliver, Kill }

    private static readonly Kind[] Often = [Kind.Ask, Kind.Ask, Kind.Ask, Kind.Process, Kind.Process, Kind.Process, Kind.Process, Kind.Process, Kind.Process];

    private static readonly Gen<(Kind Kind, int One, int Two, int Three)[]> Peaceful = Steps([.. Often, .. Often, Kind.HangUp, Kind.Release, Kind.Sell, Kind.Pass, Kind.Redeliver]);

    private static readonly Gen<(Kind Kind, int One, int Two, int Three)[]> Violent = Steps([.. Often, Kind.HangUp, Kind.Release, Kind.Sell, Kind.Pass, Kind.Redeliver, Kind.Kill]);

    [Fact]
    public Task What_is_held_is_what_callers_were_told_and_nothing_leaks() => Peaceful.SampleAsync(async steps =>
    {
        var world = await RunAsync(steps);
        await world.DrainAsync();
        world.NothingLeaks();
    }, iter: Histories);

    [Fact]
    public Task Whoever_is_killed_everything_is_free_in_the_end() => Violent.SampleAsync(async steps =>
    {
        var world = await RunAsync(steps);
        await world.DrainAsync();
        await world.PassAsync(TimeSpan.FromMinutes(3));
        world.NothingIsReserved();
    }, iter: Histories);

    private static Gen<(Kind, int, int, int)[]> Steps(Kind[] kinds) =>
        Gen.Select(Gen.Int[0, kinds.Length - 1].Select(index => kinds[index]), Gen.Int[0, 99], Gen.Int[0, 2], Gen.Int[0, 3]).Array[0, 80];

    private static async Task<ReservationWorld> RunAsync((Kind Kind, int One, int Two, int Three)[] steps)
    {
        var world = new ReservationWorld();
        foreach (var (kind, one, two, three) in steps)
            await (kind switch
            {
                Kind.Ask => Do(() => world.Ask(one % 2, two, three)),
                Kind.Process => world.ProcessAsync(one),
                Kind.HangUp => world.HangUpAsync(one),
                Kind.Release => Do(() => world.Release(one)),
                Kind.Sell => Do(() => world.Sell(two % 2, three)),
                Kind.Pass => world.PassAsync(TimeSpan.FromSeconds(one < 70 ? one % 7 : one)),
                Kind.Redeliver => world.RedeliverAsync(one),
                _ => Do(() => world.Kill(one % 2, loses: three > 1)),
            });
        return world;
    }

    private static Task Do(Action step)
    {
        step();
        return Task.CompletedTask;
    }
}
