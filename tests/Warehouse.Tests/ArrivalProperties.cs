using Avro.Specific;
using Commerce.Collection;
using Commerce.Streaming.Testing;
using CsCheck;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>The tables depend on what was said, not on how topics interleave, where batches are cut, or which of two instances loads them.</summary>
public sealed class ArrivalProperties(PostgresFixture postgres)
{
    private const int Iterations = 25;

    /// <summary>Per topic in its order, as each partition keeps it.</summary>
    private static readonly List<List<ISpecificRecord>> Topics =
    [
        [
            Said.Order("1", "a", user: "u1", lines: [Said.Line(1, "A", 2, 10m, "Old"), Said.Line(2, "B", 1, 5m)]),
            Said.Order("2", "b", Said.Noon.AddDays(1), lines: [Said.Line(1, "A", 1, 11m, "New")]),
            Said.Order("3", "c", Said.Noon.AddDays(-20)),
            Said.Order("2", "b", Said.Noon.AddDays(2), message: "again", lines: [Said.Line(1, "A", 4, 11m)]),
            Said.Order("2", "d", Said.Noon.AddDays(1).AddHours(1), message: "outdated"),
            Said.Order("4", "d", Said.Noon.AddDays(8), user: "u2"),
            Said.Order("1", "a", user: "u1", message: "order-1", lines: [Said.Line(1, "A", 2, 10m, "Old"), Said.Line(2, "B", 1, 5m)]),
        ],
        [
            Said.Refund("r1", "1", 3m, "a", user: "u1"), Said.Refund("r1", "2", 4m, "b"), Said.Refund("r2", null, 2m, "c"), Said.Refund("r3", "none", 1m, "e"),
        ],
        [Said.Merge("a", "b", 1), Said.Merge("b", "c", 2), Said.Merge("d", "c", 3)],
        [
            Said.Event(EventKind.IDENTIFY, "a", "u1", Said.Noon.AddDays(-1)), Said.Event(EventKind.IDENTIFY, "f"), Said.Event(EventKind.PAGE, "g"),
            Said.Event(EventKind.IDENTIFY, "d", "u2"),
        ],
        [Said.Credits("1", 1, ("x", 25m)), Said.Credits("1", 2, ("x", 11m), ("y", 11m)), Said.Credits("2", 1, ("(none)", 40m))],
        [Said.Movement("A", 1, 9, 9), Said.Movement("A", 2, -2, 7), Said.Movement("B", 1, 1, 1), Said.Movement("A", 3, -1, 6)],
        [Said.Level("A", 1, 9), Said.Level("B", 1, 1), Said.Level("A", 3, 6)],
        [Said.Quarantined("q", "malformed_json")],
    ];

    [Fact]
    public async Task Tables_are_the_same_for_every_interleaving_and_cut()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "arrival");
        foreach (var record in Topics.SelectMany(topic => topic))
            await warehouse.LoadAsync(record);
        var expected = await warehouse.DumpAsync();
        expected.ShouldContain("fact_attribution");
        await Gen.Int.SampleAsync(
            async seed =>
            {
                await warehouse.EmptyAsync();
                await LoadMixedAsync(warehouse, new Random(seed));
                (await warehouse.DumpAsync()).ShouldBe(expected);
            },
            iter: Iterations, threads: 1);
    }

    private static async Task LoadMixedAsync(TestWarehouse warehouse, Random random)
    {
        var queues = Topics.Select(topic => new Queue<ISpecificRecord>(topic)).ToList();
        var batch = new List<ISpecificRecord>();
        while (queues.Where(queue => queue.Count > 0).ToList() is { Count: > 0 } left)
        {
            batch.Add(left[random.Next(left.Count)].Dequeue());
            if (random.Next(4) > 0)
                continue;
            await warehouse.LoadAsync([.. batch]);
            batch.Clear();
        }

        await warehouse.LoadAsync([.. batch]);
    }
}
