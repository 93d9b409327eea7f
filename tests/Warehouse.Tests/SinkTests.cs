using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Sink;

namespace Commerce.Streaming.Warehouse.Tests;

public sealed class SinkTests(PostgresFixture postgres)
{
    /// <summary>Postgres has no text with a zero in it.</summary>
    private const string Unstorable = "a\0b";

    [Fact]
    public async Task Poison_record_is_found_among_its_neighbours_which_are_kept()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "poison");
        var records = Enumerable.Range(0, 40).Select(number => warehouse.Next(number is 7 or 31
            ? Said.Order($"{number}", "p", message: Unstorable + number)
            : Said.Order($"{number}", "p"))).ToList();
        await warehouse.NewLoader().LoadAsync(records, TestContext.Current.CancellationToken);
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.fact_orders")).ShouldBe(38);
        (await warehouse.ValueAsync<long>("SELECT orders FROM warehouse.agg_daily_summary")).ShouldBe(38);
        warehouse.DeadLetters.Sent.Select(dead => (dead.Raw.Offset.Value, dead.Failure!.Reason)).ShouldBe([(7, "constraint"), (31, "constraint")]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', topic, \"offset\", reason, error, schema_id) FROM warehouse.dead_letters ORDER BY \"offset\""))
            .ShouldBe([$"{Topics.OrdersCompleted.Name}|7|constraint|22021|7", $"{Topics.OrdersCompleted.Name}|31|constraint|22021|7"]);
        (await PositionAsync(warehouse)).ShouldBe(40);
    }

    [Fact]
    public async Task Record_that_breaks_a_constraint_is_named_by_it()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "constraint");
        var twice = Said.Order("1", "p", null, null, null, Said.Line(1, "A", 1, 1m), Said.Line(1, "B", 1, 1m));
        await warehouse.NewLoader().LoadAsync([warehouse.Next(twice), warehouse.Next(Said.Order("2", "p"))], TestContext.Current.CancellationToken);
        warehouse.DeadLetters.Sent.Single().Failure!.Error.ShouldBe("23505 fact_order_items fact_order_items_pkey");
        (await warehouse.QueryAsync<string>("SELECT order_id FROM warehouse.fact_orders")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Unreadable_record_moves_on_with_its_batch()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "unreadable");
        var unreadable = warehouse.Next(Said.Order("1", "p")) with { Statement = null, Failure = new LoadFailure(LoadFailure.Deserialization, "Avro.AvroException") };
        await warehouse.NewLoader().LoadAsync([unreadable, warehouse.Next(Said.Order("2", "p"))], TestContext.Current.CancellationToken);
        (await warehouse.QueryAsync<string>("SELECT order_id FROM warehouse.fact_orders")).ShouldBe(["2"]);
        (await warehouse.QueryAsync<string>("SELECT reason FROM warehouse.dead_letters")).ShouldBe(["deserialization"]);
        (await PositionAsync(warehouse)).ShouldBe(2);
    }

    [Fact]
    public async Task Former_owner_is_fenced_and_changes_nothing()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "fence");
        var record = warehouse.Next(Said.Order("1", "p"));
        await using var owner = warehouse.NewSink();
        await owner.LoadAsync([record], TestContext.Current.CancellationToken);
        await Should.ThrowAsync<FencedException>(() => warehouse.LoadAsync([record with { Statement = null }]));
        (await PositionAsync(warehouse)).ShouldBe(1);
        var positions = warehouse.Sink.ReadPositions([record.Raw.TopicPartition]);
        positions.Single().Offset.Value.ShouldBe(1);
        await warehouse.LoadAsync(Said.Order("2", "p"));
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.fact_orders")).ShouldBe(2);
    }

    [Fact]
    public async Task Failure_that_passes_is_waited_out_and_shown_as_not_ready()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "away");
        var away = new AwayAtFirst(warehouse.Sink, warehouse.State);
        await warehouse.NewLoader(away).LoadAsync([warehouse.Next(Said.Order("1", "p"))], TestContext.Current.CancellationToken);
        away.ReasonsSeen.ShouldBe(["the sink has not joined its consumer group yet", "the warehouse cannot be written: IOException", "the warehouse cannot be written: IOException"]);
        warehouse.State.NotReady.ShouldBeNull();
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.fact_orders")).ShouldBe(1);
    }

    [Fact]
    public async Task Connection_that_the_server_ends_is_replaced()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "ended");
        await warehouse.LoadAsync(Said.Order("1", "p"));
        await warehouse.QueryAsync<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await warehouse.NewLoader().LoadAsync([warehouse.Next(Said.Order("2", "p"))], TestContext.Current.CancellationToken);
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.fact_orders")).ShouldBe(2);
    }

    private static Task<long> PositionAsync(TestWarehouse warehouse) =>
        warehouse.ValueAsync<long>($"SELECT next_offset FROM warehouse.sink_offsets WHERE topic = '{Topics.OrdersCompleted.Name}'");

    private sealed class AwayAtFirst(IWarehouse warehouse, SinkState state) : IWarehouse
    {
        private const int Failures = 2;

        public List<string?> ReasonsSeen { get; } = [];

        public Task LoadAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
        {
            ReasonsSeen.Add(state.NotReady);
            return ReasonsSeen.Count <= Failures ? throw new IOException() : warehouse.LoadAsync(records, cancellationToken);
        }

        public IReadOnlyList<Confluent.Kafka.TopicPartitionOffset> ReadPositions(IReadOnlyList<Confluent.Kafka.TopicPartition> partitions) =>
            warehouse.ReadPositions(partitions);

        public Task CatchUpAsync(CancellationToken cancellationToken) => warehouse.CatchUpAsync(cancellationToken);
    }
}
