using System.Globalization;
using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Inventory;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>How an order's net revenue is split.</summary>
internal sealed record CreditStatement(OrderCredited Record) : Statement
{
    public string OrderKey { get; } = NaturalKeys.Order(Record.Platform, Record.OrderId);

    public override void AddTo(BatchRows rows) => rows.Credits.KeepLatest(OrderKey, this, credit => credit.Record.Version);
}

/// <summary>A stock movement.</summary>
internal sealed record MovementStatement : Statement
{
    /// <exception cref="ContractException">Its id is not platform/sku/version.</exception>
    public MovementStatement(StockMoved record)
    {
        // The table derives the id: one of another form would be changed in silence.
        if (record.MovementId != string.Create(CultureInfo.InvariantCulture, $"{record.Platform}/{record.Sku}/{record.Version}"))
            throw new ContractException("a movement id is platform/sku/version");
        Record = record;
        ProductKey = NaturalKeys.Product(record.Platform, record.Sku);
    }

    public StockMoved Record { get; }
    public string ProductKey { get; }

    /// <summary>
    /// The same number for another movement: the ledger has gone on from a state before the first one (a region was lost). What it says later
    /// holds, and what the first one led to never was.
    /// </summary>
    public override void AddTo(BatchRows rows)
    {
        if (!rows.Movements.TryGetValue((ProductKey, Record.Version), out var known))
        {
            rows.Movements.Add((ProductKey, Record.Version), this);
            return;
        }

        if ((known.Record.CommandId, known.Record.Quantity) == (Record.CommandId, Record.Quantity))
            return;
        foreach (var key in rows.Movements.Keys.Where(key => key.ProductKey == ProductKey && key.Version >= Record.Version).ToList())
            rows.Movements.Remove(key);
        rows.Movements.Add((ProductKey, Record.Version), this);
    }
}

/// <summary>The stock of a product.</summary>
internal sealed record LevelStatement(StockAvailability Record) : Statement
{
    public string ProductKey { get; } = NaturalKeys.Product(Record.Platform, Record.Sku);

    public override void AddTo(BatchRows rows) => rows.Levels.KeepLatest(ProductKey, this, level => level.Record.Version);
}

/// <summary>Input that was refused.</summary>
internal sealed record QuarantineStatement(QuarantinedEvent Record) : Statement
{
    public string SourceId => Record.Source?.Id ?? "";

    public override void AddTo(BatchRows rows) =>
        rows.Quarantined.KeepGreatest((SourceId, Record.MessageId), this, quarantined => quarantined.Record.ReceivedAt);
}
