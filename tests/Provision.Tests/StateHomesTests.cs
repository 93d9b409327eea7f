using System.Globalization;
using System.Text;
using Avro.Specific;
using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;
using Commerce.Streaming.Processing.Testing;
using Commerce.Streaming.Provision.Repartition;

namespace Commerce.Streaming.Provision.Tests;

/// <summary>
/// Every pipeline on records of many keys: where the catalogue says an entry of its state belongs with twelve partitions is where the key
/// goes whose record made it.
/// </summary>
public sealed class StateHomesTests
{
    private const int From = 6;
    private const int To = 12;
    private const int Keys = 60;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Source Shop = new() { Id = "shop-web", Platform = "shop", Tenant = "default", TimeZone = "Europe/Berlin" };
    private static readonly ConsentState Allowed = new() { Analytics = true, Advertising = true, Personalization = true, Basis = ConsentBasis.EVENT };

    // Ids as shops make them, and as nobody should.
    private static IEnumerable<string> Ids => Enumerable.Range(0, Keys).Select(number => (number % 4) switch
    {
        0 => $"{number}",
        1 => $"a/{number}",
        2 => $"a|{number}",
        _ => $"-/-{number}",
    });

    [Fact]
    public void Of_consent()
    {
        var seen = new Seen(Pipelines.Consent);
        foreach (var id in Ids)
        {
            seen.PipeIn(Topics.ConsentRequests, $"default/u:shop:{id}", new ConsentRequested
            {
                RequestId = "r", Tenant = "default", Subject = $"u:shop:{id}", Analytics = true, Origin = "api", DecidedAt = Noon,
            });
        }

        seen.Stores.ShouldBe(["subjects"]);
    }

    [Fact]
    public void Of_identity()
    {
        var seen = new Seen(Pipelines.Resolve);
        foreach (var id in Ids)
            seen.PipeIn(Topics.CollectionEvents, $"default/u:shop:{id}", Event(id, "m" + id) with { AnonymousId = "device" + id });
        // A value that is blocked is no identifier, though the event was collected under it.
        seen.PipeIn(Topics.CollectionEvents, "default/u:shop:null", Event("null", "blocked") with { AnonymousId = "device" });

        seen.Stores.ShouldBe(["links", "seen"]);
    }

    [Fact]
    public void Of_claims()
    {
        var seen = new Seen(Pipelines.Claims);
        foreach (var id in Ids)
        {
            seen.PipeIn(Topics.OrdersCompleted, $"shop/{id}", Completed(id));
            seen.PipeIn(Topics.OrdersRefunded, $"shop/{id}", Refunded("r/" + id, id));
            seen.PipeIn(Topics.OrdersRefunded, $"shop/{id}", Refunded(id, null));
        }

        seen.Stores.ShouldBe(["orders", "timers"]);
    }

    [Fact]
    public void Of_stock_and_reservations()
    {
        var (ledger, reservations) = (new Seen(Pipelines.Ledger), new Seen(Pipelines.Reservations));
        foreach (var id in Ids)
        {
            ledger.PipeIn(Topics.InventoryStockCommands, $"shop/{id}", Command(StockCommandKind.RECEIVE, id, 5, "in" + id));
            ledger.PipeIn(Topics.InventoryStockCommands, $"shop/{id}", Command(StockCommandKind.RESERVE, id, 3, "hold" + id, "cart" + id));
            ledger.PipeIn(Topics.InventoryStockCommands, $"shop/{id}", Command(StockCommandKind.SELL, id, 9, "out" + id));
        }

        foreach (var result in ledger.Driver.All(Topics.InventoryReservationResults))
            reservations.PipeIn(Topics.InventoryReservationResults, result.Key!, result.Value!);
        ledger.Stores.ShouldBe(["applied", "owed", "positions", "reservations", "timers"]);
        reservations.Stores.ShouldBe(["status", "timers"]);
    }

    [Fact]
    public void Of_attribution()
    {
        var seen = new Seen(Pipelines.Credit);
        foreach (var (id, number) in Ids.Select((id, number) => (id, number)))
        {
            var profile = $"p_{number}";
            seen.PipeIn(Topics.IdentityResolvedEvents, profile, new ResolvedEvent
            {
                ProfileId = profile, Event = Event(id, "m" + id) with { Kind = EventKind.PAGE, Campaign = new Campaign { Source = "google", Medium = "cpc" } },
            });
            seen.PipeIn(Topics.IdentityResolvedEvents, profile, new ResolvedEvent { ProfileId = profile, Event = Event(id, "c" + id) with { Kind = EventKind.CONSENT } });
            seen.PipeIn(Topics.OrdersCompleted, $"shop/{id}", Completed(id) with { ProfileId = profile });
            if (number % 3 == 0)
            {
                seen.PipeIn(Topics.IdentityProfileMerges, profile, new ProfileMerged
                {
                    Tenant = "default", Loser = profile, Winner = $"p_{number + 1}", Identifiers = [], EvidenceMessageId = "e", Version = 1, MergedAt = Noon,
                });
            }
        }

        seen.Stores.ShouldBe(["journeys", "orders", "owners", "shown", "timers", "touches"]);
    }

    private static CollectedEvent Event(string userId, string messageId) => new()
    {
        MessageId = messageId, Kind = EventKind.TRACK, Source = Shop, UserId = userId, Timestamp = Noon, ReceivedAt = Noon, Consent = Allowed,
    };

    private static OrderCompleted Completed(string id) => new()
    {
        ProfileId = "p", Source = Shop, MessageId = "o" + id, Timestamp = Noon, ReceivedAt = Noon, Consent = Allowed,
        Order = new Order { OrderId = id, Currency = "EUR", Revenue = 1m, Tax = 0m, Shipping = 0m, Discount = 0m, Lines = [] },
    };

    private static OrderRefunded Refunded(string id, string? orderId) => new()
    {
        ProfileId = "p", Source = Shop, MessageId = "r" + id, Timestamp = Noon, ReceivedAt = Noon, Consent = Allowed,
        Refund = new Refund { RefundId = id, OrderId = orderId, Currency = "EUR", Amount = 1m, Lines = [] },
    };

    private static StockCommand Command(StockCommandKind kind, string sku, int quantity, string id, string? reservation = null) => new()
    {
        CommandId = id, Platform = "shop", Sku = sku, Kind = kind, Quantity = quantity, Reference = id, ReservationId = reservation,
        TtlMs = kind == StockCommandKind.RESERVE ? 60_000 : null, OccurredAt = Noon, ReceivedAt = Noon,
    };

    /// <summary>A pipeline, whose every state entry is looked at as it is written.</summary>
    private sealed class Seen(Topology topology)
    {
        private readonly SortedSet<string> _stores = new(StringComparer.Ordinal);

        public TopologyTestDriver Driver { get; } = new(topology);

        public IEnumerable<string> Stores => _stores;

        public void PipeIn<T>(Topic<T> topic, string key, T value)
            where T : class, ISpecificRecord
        {
            Driver.ClearEffects();
            Driver.PipeIn(topic, key, value);
            var home = (int?)Murmur2.PartitionOf(Encoding.UTF8.GetBytes(key), To);
            var written = new List<Effect.StateWritten>();
            foreach (var effect in Driver.Effects)
            {
                if (effect is Effect.StateWritten { Deleted: false } state)
                    written.Add(state);
                if (effect is not Effect.OffsetCommitted committed)
                    continue;
                foreach (var entry in written)
                    Look(entry, committed.Partition, home);
                written.Clear();
                // What follows are records that the pipeline sends to itself, under other keys.
                home = null;
            }

            Driver.DeadLetters.ShouldBeEmpty();
        }

        private void Look(Effect.StateWritten entry, int partition, int? home)
        {
            _stores.Add(entry.Store);
            var catalogued = topology.Stores.Single(store => store.Name == entry.Store).Changelog.Home!;
            var key = Encoding.UTF8.GetBytes(entry.Key);
            var verdict = new EntryHomes(catalogued, From, To, Timer, _ => throw new InvalidOperationException(), _ => null).Of(key, key, partition);
            verdict.Contradiction.ShouldBeNull($"{entry.Store}: {entry.Key}");
            verdict.Partitions.ShouldAllBe(at => at % From == partition);
            if (home is { } at)
                verdict.Partitions.ShouldContain(at, $"{entry.Store}: {entry.Key}");
            if (catalogued.Rule is not (HomeRule.Everywhere or HomeRule.KeyElseEverywhere or HomeRule.Claim or HomeRule.Timer))
                verdict.Partitions.Count.ShouldBe(1, string.Create(CultureInfo.InvariantCulture, $"{entry.Store}: {entry.Key}"));
        }

        // As TimerStore puts them: name|key.
        private static TimerEntry Timer(byte[] key)
        {
            var (name, rest) = Encoding.UTF8.GetString(key).Split('|', 2) is [var first, var second] ? (first, second) : throw new InvalidOperationException();
            return new TimerEntry { Name = name, Key = rest, DueAt = Noon, EventTime = false };
        }
    }
}
