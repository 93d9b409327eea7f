using Commerce.Inventory;
using CsCheck;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>Histories of any commands. Each step is checked by <see cref="Shelf"/>; here is what holds over whole histories.</summary>
public sealed class LedgerProperties
{
    private sealed record Step(StockCommandKind Kind, int Quantity, int Id, int Seconds);

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Kinds(StockCommandKind.RECEIVE, StockCommandKind.ADJUST, StockCommandKind.SELL, StockCommandKind.RETURN, StockCommandKind.RESERVE, StockCommandKind.RESERVE, StockCommandKind.RELEASE, StockCommandKind.UNKNOWN),
        Gen.Int[1, 20], Gen.Int[0, 9], Gen.Int[1, 90], (kind, quantity, id, seconds) => new Step(kind, quantity, id, seconds));

    private static readonly Gen<Step[]> AnyHistory = AnyStep.Array[0, 60];

    private static readonly Gen<Step[]> StockHistory = Gen.Select(
        Kinds(StockCommandKind.RECEIVE, StockCommandKind.ADJUST, StockCommandKind.SELL, StockCommandKind.RETURN),
        Gen.Int[-20, 20], (kind, quantity) => new Step(kind, kind == StockCommandKind.ADJUST ? quantity : Math.Abs(quantity), 0, 0))
        .Where(step => step.Quantity != 0).Array[0, 30];

    [Fact]
    public void Invariants_hold_after_every_step_of_any_history() => AnyHistory.Sample(history =>
    {
        var shelf = new Shelf();
        foreach (var step in history)
            Do(shelf, step);
    });

    [Fact]
    public void Commands_sent_again_change_nothing() => AnyHistory.Sample(history =>
    {
        var once = new Shelf();
        var twice = new Shelf();
        foreach (var (step, number) in history.Select((step, number) => (step, number)))
        {
            Do(once, step, $"c{number}");
            Do(twice, step, $"c{number}");
            if (step.Kind is not StockCommandKind.UNKNOWN)
                Do(twice, step, $"c{number}");
        }

        twice.Position.RecentCommands.ShouldBe(once.Position.RecentCommands);
        (twice.Position with { RecentCommands = [] }).ShouldBe(once.Position with { RecentCommands = [] });
        twice.Movements.ShouldBe(once.Movements);
    });

    [Fact]
    public void End_does_not_depend_on_the_order_of_receipts_and_sales() =>
        Gen.Select(StockHistory, Gen.Int).Sample((history, seed) =>
        {
            var inOrder = new Shelf();
            var shuffled = new Shelf();
            foreach (var step in history)
                Do(inOrder, step);
            var mixed = history.ToArray();
            new Random(seed).Shuffle(mixed);
            foreach (var step in mixed)
                Do(shuffled, step);
            var net = history.Sum(step => step.Kind == StockCommandKind.SELL ? -step.Quantity : step.Quantity);
            (shuffled.OnHand, shuffled.Position.Owed).ShouldBe((inOrder.OnHand, inOrder.Position.Owed));
            (inOrder.OnHand, inOrder.Position.Owed).ShouldBe((Math.Max(0, net), Math.Max(0, -net)));
        });

    [Fact]
    public void Everything_free_again_when_all_reservations_have_ended() => AnyHistory.Sample(history =>
    {
        var shelf = new Shelf();
        foreach (var step in history)
            Do(shelf, step);
        shelf.Pass(TimeSpan.FromHours(1));
        shelf.Position.Reserved.ShouldBe(0);
        (shelf.OnHand == 0 || shelf.Position.Owed == 0).ShouldBeTrue();
    });

    private static Gen<StockCommandKind> Kinds(params StockCommandKind[] kinds) => Gen.Int[0, kinds.Length - 1].Select(index => kinds[index]);

    private static void Do(Shelf shelf, Step step, string? id = null)
    {
        switch (step.Kind)
        {
            case StockCommandKind.UNKNOWN:
                shelf.Pass(TimeSpan.FromSeconds(step.Seconds));
                break;
            case StockCommandKind.ADJUST when step.Id % 2 == 1:
                shelf.Adjust(-step.Quantity, id);
                break;
            case StockCommandKind.SELL:
                shelf.Sell(step.Quantity, step.Id < 6 ? $"r{step.Id}" : null, id);
                break;
            case StockCommandKind.RESERVE or StockCommandKind.RELEASE:
                shelf.Apply(step.Kind, step.Quantity, id, $"r{step.Id}", step.Seconds);
                break;
            default:
                shelf.Apply(step.Kind, step.Quantity, id);
                break;
        }
    }
}
