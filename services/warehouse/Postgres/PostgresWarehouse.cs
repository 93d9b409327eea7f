using Commerce.Streaming.Warehouse.Domain;
using Commerce.Streaming.Warehouse.Sink;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>
/// The warehouse in Postgres. A batch is one transaction: lock and check the offsets, load what belongs to one partition each, then under
/// one lock what several partitions (and so several instances) share, then the offsets.
/// </summary>
internal sealed class PostgresWarehouse(NpgsqlDataSource database, IOptions<SinkOptions> options, TimeProvider clock) : IWarehouse, IAsyncDisposable
{
    /// <summary>Key of the lock: redirects, customers, products and aggregates are read and written by one transaction at a time.</summary>
    private const string LockShared = "SELECT pg_advisory_xact_lock(7210331005)";

    private const string NoteTables = """
        INSERT INTO warehouse.table_loads AS known (table_name, loaded_at) SELECT *, $2 FROM unnest($1::text[])
        ON CONFLICT (table_name) DO UPDATE SET loaded_at = greatest(known.loaded_at, excluded.loaded_at)
        """;

    private readonly string _group = options.Value.GroupId;
    private readonly Dictionary<TopicPartition, long> _positions = [];
    private readonly AggregateLoad _aggregates = new(options.Value.AggregateTimeShare, clock);
    private readonly MovementVersions _versions = new();
    private NpgsqlConnection? _connection;

    public async Task LoadAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        var rows = new BatchRows();
        foreach (var record in records)
            record.Statement?.AddTo(rows);
        var next = records.GroupBy(record => record.Raw.TopicPartition)
            .Select(partition => new TopicPartitionOffset(partition.Key, partition.Last().Raw.Offset + 1)).ToList();
        await InTransactionAsync(
            async load =>
            {
                await OffsetLoad.LockAsync(
                    load, _group, next.ConvertAll(each => new TopicPartitionOffset(each.TopicPartition, _positions[each.TopicPartition])), cancellationToken);
                await DeadLetterLoad.LoadAsync(load, [.. records.Where(record => record.Failure is not null)], cancellationToken);
                await LoadOwnAsync(load, rows, cancellationToken);
                await LoadSharedAsync(load, rows, cancellationToken);
                await OffsetLoad.AdvanceAsync(load, _group, next, cancellationToken);
            },
            cancellationToken);
        foreach (var each in next)
            _positions[each.TopicPartition] = each.Offset.Value;
    }

    public IReadOnlyList<TopicPartitionOffset> ReadPositions(IReadOnlyList<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        var positions = Positions.Of(database, _group, partitions);
        foreach (var position in positions)
            _positions[position.TopicPartition] = position.Offset.Value;
        _versions.Forget();
        // Their former owner may have put aggregates off, and be gone.
        _aggregates.SuspectStale();
        return positions;
    }

    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_aggregates is { MayBeStale: true, IsDue: true })
            await InTransactionAsync(load => LoadSharedAsync(load, new BatchRows(), cancellationToken), cancellationToken);
    }

    public async ValueTask DisposeAsync() => await ForgetConnectionAsync();

    /// <summary>Tables whose rows belong to one partition each: only the owner of its offsets writes them.</summary>
    private async Task LoadOwnAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        await OrderLoad.LoadAsync(load, rows, cancellationToken);
        await RefundLoad.LoadAsync(load, rows, cancellationToken);
        await CreditLoad.LoadAsync(load, rows, cancellationToken);
        await InventoryLoad.LoadAsync(load, rows, _versions, cancellationToken);
        await QuarantineLoad.LoadAsync(load, rows, cancellationToken);
    }

    /// <summary>
    /// Tables that several partitions feed. Without the lock two transactions that do not see each other's rows would each compute a
    /// sum without the other's part.
    /// </summary>
    private async Task LoadSharedAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        load.Customers.UnionWith(rows.Customers);
        if (load.Customers.Count + load.Orders.Count + load.Days.Count + rows.Merges.Count > 0 || _aggregates.MayBeStale)
        {
            await load.ExecuteAsync(LockShared, cancellationToken);
            await ProductLoad.LoadAsync(load, rows, cancellationToken);
            await CustomerLoad.IdentifyAsync(load, rows, cancellationToken);
            await MergeLoad.LoadAsync(load, rows, cancellationToken);
            await NetRevenueLoad.LoadAsync(load, cancellationToken);
            await CustomerLoad.RecomputeAsync(load, cancellationToken);
            await _aggregates.LoadAsync(load, cancellationToken);
        }

        if (load.Tables.Count > 0)
            await load.ExecuteAsync(NoteTables, cancellationToken, Parameter.Of(load.Tables.Order(StringComparer.Ordinal).ToArray()), load.Now);
    }

    private async Task InTransactionAsync(Func<LoadTransaction, Task> load, CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await OpenAsync(cancellationToken);
            await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
            await load(new LoadTransaction(_connection, clock.GetUtcNow()));
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            _aggregates.SuspectStale();
            _versions.Forget();
            if (failure is PostgresException refusal && PostgresRefusals.IsRefusal(refusal))
                throw new UnloadableException(PostgresRefusals.Describe(refusal), refusal);
            if (failure is ContractException broken)
                throw new UnloadableException(broken.Message, broken);
            if (failure is not FencedException)
                await ForgetConnectionAsync();
            throw;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await new LoadTransaction(connection, default).ExecuteAsync(ProductLoad.Prepare, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task ForgetConnectionAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }
}
