using Avro.Specific;
using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Identity;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Domain;
using Commerce.Streaming.Warehouse.Postgres;
using Commerce.Streaming.Warehouse.Sink;
using Confluent.Kafka;
using Dapper;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>A migrated database of its own with the sink's adapter on it: say something, look at the tables.</summary>
internal sealed class TestWarehouse : IAsyncDisposable
{
    public static readonly DateTimeOffset LoadClock = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);

    private TestWarehouse(string url, string connectionString)
    {
        Url = url;
        ConnectionString = connectionString;
        Database = WarehouseDatabase.Open(connectionString);
        Sink = NewSink();
    }

    /// <summary>libpq URL of the owner.</summary>
    public string Url { get; }

    public string ConnectionString { get; }
    public NpgsqlDataSource Database { get; }
    public PostgresWarehouse Sink { get; private set; }
    public RecordedDeadLetters DeadLetters { get; } = new();
    public SinkState State { get; } = new(TimeProvider.System);

    public static async Task<TestWarehouse> CreateAsync(PostgresFixture postgres, string purpose)
    {
        var url = await postgres.CreateDatabaseAsync(purpose);
        var connectionString = PostgresFixture.ConnectionStringOf(url);
        Migrator.Migrate(connectionString, new NoOpUpgradeLog());
        return new TestWarehouse(url, connectionString);
    }

    /// <summary>One batch.</summary>
    public Task LoadAsync(params ISpecificRecord[] records) => LoadAsync([.. records.Select(Next)]);

    public async Task LoadAsync(IReadOnlyList<SinkRecord> records)
    {
        if (records.Count > 0)
            await Sink.LoadAsync(records, TestContext.Current.CancellationToken);
    }

    /// <summary>The record at the next offset of partition 0 of its topic.</summary>
    public SinkRecord Next(ISpecificRecord record)
    {
        var topic = TopicOf(record);
        var offset = _offsets.GetValueOrDefault(topic);
        _offsets[topic] = offset + 1;
        var raw = new ConsumeResult<byte[]?, byte[]?>
        {
            TopicPartitionOffset = new TopicPartitionOffset(topic, 0, offset),
            Message = new Message<byte[]?, byte[]?> { Key = [1], Value = [0, 0, 0, 0, 7, 1] },
        };
        return new SinkRecord(raw, StatementOf(record, offset), Failure: null);
    }

    public PostgresWarehouse NewSink()
    {
        var sink = new PostgresWarehouse(Database, Options.Create(new SinkOptions { AggregateTimeShare = 1 }), new SettableClock(LoadClock));
        sink.ReadPositions([.. TopicNames.Select(topic => new TopicPartition(topic, 0))]);
        return sink;
    }

    public BatchLoader NewLoader(IWarehouse? warehouse = null) =>
        new(warehouse ?? Sink, DeadLetters, State, Options.Create(new SinkOptions { RetryDelayMs = 1, RetryDelayMaxMs = 1 }), TimeProvider.System, NullLogger<BatchLoader>.Instance);

    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return (await connection.QueryAsync<T>(sql)).ToList();
    }

    public async Task<T> ValueAsync<T>(string sql) => (await QueryAsync<T>(sql)).Single();

    /// <summary>Every row of every table that holds data, as text, without the clocks of loading.</summary>
    public async Task<string> DumpAsync()
    {
        var lines = new List<string>();
        foreach (var table in Tables)
        {
            var rows = await QueryAsync<string>($"SELECT (to_jsonb(t) - 'loaded_at' - 'log_offset')::text FROM warehouse.{table} t ORDER BY 1");
            lines.AddRange(rows.Select(row => table + " " + row));
        }

        return string.Join('\n', lines);
    }

    public async Task EmptyAsync()
    {
        await QueryAsync<int>($"TRUNCATE {string.Join(", ", Tables.Append("sink_offsets").Append("sink_stale_days").Select(table => "warehouse." + table))}");
        _offsets.Clear();
        await Sink.DisposeAsync();
        Sink = NewSink();
    }

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static readonly string[] Tables =
    [
        "fact_orders", "fact_order_items", "fact_refunds", "fact_attribution", "staged_orders", "dim_product", "dim_customer", "customer_identities",
        "profile_redirects", "agg_daily_summary", "agg_weekly_trends", "inventory_levels", "inventory_movements", "quarantined_events", "dead_letters",
    ];

    public static IEnumerable<string> TopicNames { get; } =
    [
        Topics.OrdersCompleted.Name, Topics.OrdersRefunded.Name, Topics.IdentityResolvedEvents.Name, Topics.IdentityProfileMerges.Name,
        Topics.AttributionCredits.Name, Topics.InventoryStockMovements.Name, Topics.InventoryStockAvailability.Name, Topics.CollectionQuarantine.Name,
    ];

    private static string TopicOf(ISpecificRecord record) => record switch
    {
        OrderCompleted => Topics.OrdersCompleted.Name,
        OrderRefunded => Topics.OrdersRefunded.Name,
        ResolvedEvent => Topics.IdentityResolvedEvents.Name,
        ProfileMerged => Topics.IdentityProfileMerges.Name,
        OrderCredited => Topics.AttributionCredits.Name,
        StockMoved => Topics.InventoryStockMovements.Name,
        StockAvailability => Topics.InventoryStockAvailability.Name,
        _ => Topics.CollectionQuarantine.Name,
    };

    private static Statement? StatementOf(ISpecificRecord record, long offset) => record switch
    {
        OrderCompleted order => new OrderStatement(order, 0, offset),
        OrderRefunded refund => new RefundStatement(refund),
        ResolvedEvent resolved => IdentityStatement.Of(resolved),
        ProfileMerged merge => new MergeStatement(merge),
        OrderCredited credit => new CreditStatement(credit),
        StockMoved movement => new MovementStatement(movement),
        StockAvailability level => new LevelStatement(level),
        QuarantinedEvent quarantined => new QuarantineStatement(quarantined),
        _ => throw new ArgumentException(record.GetType().Name),
    };
}

internal sealed class RecordedDeadLetters : IDeadLetters
{
    public List<SinkRecord> Sent { get; } = [];

    public Task SendAsync(SinkRecord dead, CancellationToken cancellationToken)
    {
        Sent.Add(dead);
        return Task.CompletedTask;
    }
}

/// <summary>A fixed wall clock whose timestamps still run, as durations are measured with them.</summary>
internal sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
