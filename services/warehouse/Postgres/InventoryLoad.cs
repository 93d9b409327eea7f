using Commerce.Inventory;
using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>inventory_movements and inventory_levels.</summary>
internal static class InventoryLoad
{
    private const string Known = """
        SELECT product_key, version
        FROM (SELECT product_key, (SELECT max(m.version) FROM warehouse.inventory_movements m WHERE m.product_key = moved.product_key) AS version
              FROM unnest($1::text[]) AS moved(product_key)) AS each_product
        WHERE version IS NOT NULL
        """;

    private const string Present = """
        SELECT told.product_key, told.version, m.command_id <> told.command_id OR m.quantity <> told.quantity
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::int[]) AS told(product_key, version, command_id, quantity)
        JOIN warehouse.inventory_movements m ON m.product_key = told.product_key AND m.version = told.version
        """;

    private const string Withdraw = """
        DELETE FROM warehouse.inventory_movements m USING unnest($1::text[], $2::bigint[]) AS gone(product_key, version)
        WHERE m.product_key = gone.product_key AND m.version >= gone.version
        """;

    private const short CopyColumns = 11;

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
        WHERE excluded.version >= known.version
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, MovementVersions versions, CancellationToken cancellationToken)
    {
        if (rows.Movements.Count > 0)
            await LoadMovementsAsync(load, rows, versions, cancellationToken);
        if (rows.Levels.Count > 0)
            await LoadLevelsAsync(load, rows.Levels.Values, cancellationToken);
    }

    /// <summary>
    /// Movements of a product come in the order of their versions, so those above the highest one that is there go straight into the table.
    /// The others have come before (the log was rewound), or are late (it is read anew, and partitions were raised meanwhile): the table
    /// says which. What is there and is said otherwise now belongs to a log that ended: it goes, with all that followed it.
    /// </summary>
    private static async Task LoadMovementsAsync(LoadTransaction load, BatchRows rows, MovementVersions versions, CancellationToken cancellationToken)
    {
        var unknown = versions.Unknown(rows.Movements.Keys.Select(key => key.ProductKey));
        if (unknown.Length > 0)
        {
            foreach (var productKey in unknown)
                versions[productKey] = 0;
            foreach (var (productKey, version) in await load.QueryAsync(
                Known, reader => (reader.GetString(0), reader.GetInt64(1)), cancellationToken, Parameter.Of(unknown)))
                versions[productKey] = version;
        }

        MovementStatement[] repeated = [.. rows.Movements.Values.Where(movement => movement.Record.Version <= versions[movement.ProductKey])];
        var known = await KnownAsync(load, repeated, versions, cancellationToken);
        MovementStatement[] movements =
        [
            .. rows.Movements.Where(each => each.Value.Record.Version > versions[each.Key.ProductKey] || !known.Contains(each.Key)).Select(each => each.Value),
        ];
        await CopyMovementsAsync(load, movements, cancellationToken);
        foreach (var movement in movements)
            versions[movement.ProductKey] = Math.Max(versions[movement.ProductKey], movement.Record.Version);
        load.Tables.Add("inventory_movements");
    }

    /// <summary>Those that are there. What contradicts them has been withdrawn, and the highest version of its product is known anew.</summary>
    private static async Task<HashSet<(string ProductKey, long Version)>> KnownAsync(
        LoadTransaction load, MovementStatement[] repeated, MovementVersions versions, CancellationToken cancellationToken)
    {
        if (repeated.Length == 0)
            return [];
        var present = await load.QueryAsync(
            Present, reader => (ProductKey: reader.GetString(0), Version: reader.GetInt64(1), IsContradicted: reader.GetBoolean(2)), cancellationToken,
            repeated.Column(each => each.ProductKey), repeated.Column(each => each.Record.Version),
            repeated.Column(each => each.Record.CommandId), repeated.Column(each => each.Record.Quantity));
        var contradicted = present.Where(each => each.IsContradicted)
            .GroupBy(each => each.ProductKey, each => each.Version, StringComparer.Ordinal).Select(each => (ProductKey: each.Key, Version: each.Min())).ToList();
        if (contradicted.Count > 0)
            await load.ExecuteAsync(Withdraw, cancellationToken, contradicted.Column(each => each.ProductKey), contradicted.Column(each => each.Version));
        foreach (var (productKey, version) in contradicted)
            versions[productKey] = version - 1;
        return [.. present.Select(each => (each.ProductKey, each.Version))];
    }

    private static Task CopyMovementsAsync(LoadTransaction load, MovementStatement[] movements, CancellationToken cancellationToken) =>
        load.CopyAsync(
            Copy, CopyColumns,
            copy =>
            {
                foreach (var movement in movements)
                {
                    copy.Row();
                    copy.Text(movement.ProductKey);
                    copy.Text(movement.Record.Platform);
                    copy.Text(movement.Record.Sku);
                    copy.Long(movement.Record.Version);
                    copy.Text(NameOf(movement.Record.Kind));
                    copy.Int(movement.Record.Quantity);
                    copy.Long(movement.Record.OnHandAfter);
                    copy.Text(movement.Record.Reference);
                    copy.Text(movement.Record.CommandId);
                    copy.Time(movement.Record.OccurredAt);
                    copy.Time(load.LoadedAt);
                }
            },
            cancellationToken);

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
