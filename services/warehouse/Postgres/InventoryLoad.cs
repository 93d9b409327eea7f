using Commerce.Inventory;
using Commerce.Streaming.Warehouse.Domain;
using NpgsqlTypes;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>inventory_movements and inventory_levels.</summary>
internal static class InventoryLoad
{
    private const string Known = """
        SELECT m.product_key, m.version FROM unnest($1::text[], $2::bigint[]) AS first(product_key, version)
        JOIN warehouse.inventory_movements m ON m.product_key = first.product_key AND m.version >= first.version
        """;

    private const string Copy = """
        COPY warehouse.inventory_movements (product_key, platform, sku, version, kind, quantity, on_hand_after, reference, command_id, occurred_at, loaded_at)
        FROM STDIN (FORMAT binary)
        """;

    private const string UpsertLevels = """
        INSERT INTO warehouse.inventory_levels AS known (
            product_key, platform, sku, on_hand, reserved, owed, available, version, updated_at, loaded_at)
        SELECT *, $10 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::timestamptz[])
        ON CONFLICT (product_key) DO UPDATE SET
            on_hand = excluded.on_hand, reserved = excluded.reserved, owed = excluded.owed, available = excluded.available,
            version = excluded.version, updated_at = excluded.updated_at, loaded_at = excluded.loaded_at
        WHERE excluded.version > known.version
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Movements.Count > 0)
            await LoadMovementsAsync(load, rows, cancellationToken);
        if (rows.Levels.Count > 0)
            await LoadLevelsAsync(load, rows.Levels.Values, cancellationToken);
    }

    /// <summary>
    /// Movements of a product come in the order of their versions, so one look from the lowest version of each product finds those
    /// that are there already (after the log was rewound); the rest goes straight into the table.
    /// </summary>
    private static async Task LoadMovementsAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        var first = rows.Movements.Keys.GroupBy(key => key.ProductKey, StringComparer.Ordinal)
            .Select(product => (ProductKey: product.Key, Version: product.Min(key => key.Version))).ToList();
        var known = await load.QueryAsync(
            Known, reader => (reader.GetString(0), reader.GetInt64(1)), cancellationToken,
            first.Column(product => product.ProductKey), first.Column(product => product.Version));
        foreach (var key in known)
            rows.Movements.Remove(key);
        await load.CopyAsync(
            Copy,
            importer =>
            {
                foreach (var movement in rows.Movements.Values)
                {
                    importer.StartRow();
                    importer.Write(movement.ProductKey, NpgsqlDbType.Text);
                    importer.Write(movement.Record.Platform, NpgsqlDbType.Text);
                    importer.Write(movement.Record.Sku, NpgsqlDbType.Text);
                    importer.Write(movement.Record.Version, NpgsqlDbType.Bigint);
                    importer.Write(NameOf(movement.Record.Kind), NpgsqlDbType.Text);
                    importer.Write(movement.Record.Quantity, NpgsqlDbType.Integer);
                    importer.Write(movement.Record.OnHandAfter, NpgsqlDbType.Bigint);
                    importer.Write(movement.Record.Reference, NpgsqlDbType.Text);
                    importer.Write(movement.Record.CommandId, NpgsqlDbType.Text);
                    importer.Write(movement.Record.OccurredAt.UtcDateTime, NpgsqlDbType.TimestampTz);
                    importer.Write(load.LoadedAt, NpgsqlDbType.TimestampTz);
                }
            },
            cancellationToken);
        load.Tables.Add("inventory_movements");
    }

    private static async Task LoadLevelsAsync(LoadTransaction load, IReadOnlyCollection<LevelStatement> levels, CancellationToken cancellationToken)
    {
        await load.ExecuteAsync(
            UpsertLevels, cancellationToken,
            levels.Column(level => level.ProductKey), levels.Column(level => level.Record.Platform), levels.Column(level => level.Record.Sku),
            levels.Column(level => level.Record.OnHand), levels.Column(level => level.Record.Reserved), levels.Column(level => level.Record.Owed),
            levels.Column(level => level.Record.Available), levels.Column(level => level.Record.Version),
            levels.Times(level => level.Record.UpdatedAt), load.Now);
        load.Tables.Add("inventory_levels");
    }

    private static string NameOf(MovementKind kind) => kind switch
    {
        MovementKind.RECEIPT => "receipt",
        MovementKind.ADJUSTMENT => "adjustment",
        MovementKind.SALE => "sale",
        MovementKind.RETURN => "return",
        _ => "unknown",
    };
}
