using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>staged_orders, fact_orders and fact_order_items.</summary>
internal static partial class OrderLoad
{
    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Orders.Count == 0)
            return;
        await StageAsync(load, rows.Staged.Values, cancellationToken);
        var existing = await FindExistingAsync(load, rows.Orders.Values, cancellationToken);
        var applied = (await UpsertAsync(load, rows.Orders.Values, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        existing.IntersectWith(applied);
        if (existing.Count > 0)
            await load.ExecuteAsync(DeleteItems, cancellationToken, Parameter.Of(existing.ToArray()));
        await CopyItemsAsync(load, [.. rows.Orders.Values.Where(order => applied.Contains(order.OrderKey))], cancellationToken);
        foreach (var order in rows.Orders.Values)
        {
            load.Orders.Add(order.OrderKey);
            load.Days.Add((order.Platform, order.DateKey));
        }

        load.Tables.UnionWith(["staged_orders", "fact_orders", "fact_order_items"]);
    }

    /// <summary>Orders that are there already: their former day and customer change, too.</summary>
    private static async Task<HashSet<string>> FindExistingAsync(
        LoadTransaction load, IReadOnlyCollection<OrderStatement> orders, CancellationToken cancellationToken)
    {
        var existing = await load.QueryAsync(
            Existing,
            reader => (OrderKey: reader.GetString(0), Platform: reader.GetString(1), DateKey: reader.GetInt32(2), Customer: reader.GetString(3)),
            cancellationToken, orders.Column(order => order.OrderKey));
        load.Days.UnionWith(existing.Select(order => (order.Platform, order.DateKey)));
        load.Customers.UnionWith(existing.Select(order => order.Customer));
        return existing.Select(order => order.OrderKey).ToHashSet(StringComparer.Ordinal);
    }

    private static Task StageAsync(LoadTransaction load, IReadOnlyCollection<OrderStatement> staged, CancellationToken cancellationToken) =>
        load.ExecuteAsync(
            Stage, cancellationToken,
            staged.Column(order => order.OrderKey), staged.Column(order => order.Order.OrderId), staged.Column(order => order.Platform),
            staged.Column(order => order.Record.Source.Id), staged.Column(order => order.Record.MessageId),
            staged.Column(order => order.Record.ProfileId), staged.Column(order => order.Record.UserId),
            staged.Column(order => order.Order.Currency), staged.Column(order => order.Order.Revenue), staged.Column(order => order.Order.Tax),
            staged.Column(order => order.Order.Shipping), staged.Column(order => order.Order.Discount), staged.Column(order => order.Order.Coupon),
            staged.Column(order => order.ItemCount), staged.Column(order => order.Order.Lines.Count),
            staged.Column(order => order.Record.Consent.Analytics), staged.Column(order => order.Record.Consent.Advertising),
            staged.Column(order => order.Record.Consent.Personalization), staged.Times(order => order.Record.Timestamp),
            staged.Times(order => order.Record.ReceivedAt), staged.Column(order => order.Partition), staged.Column(order => order.Offset),
            load.Now);

    /// <summary>The orders whose statement here is the newest.</summary>
    private static Task<List<string>> UpsertAsync(
        LoadTransaction load, IReadOnlyCollection<OrderStatement> orders, CancellationToken cancellationToken) =>
        load.QueryAsync(
            Upsert, reader => reader.GetString(0), cancellationToken,
            orders.Column(order => order.OrderKey), orders.Column(order => order.Order.OrderId), orders.Column(order => order.Platform),
            orders.Column(order => order.DateKey), orders.Column(order => order.Record.ProfileId), orders.Column(order => order.Order.Currency),
            orders.Column(order => order.Order.Revenue), orders.Column(order => order.Order.Tax), orders.Column(order => order.Order.Shipping),
            orders.Column(order => order.Order.Discount), orders.Column(order => order.ItemCount), orders.Column(order => order.Order.Lines.Count),
            orders.Column(order => order.Order.Coupon), orders.Column(order => order.Record.Source.Id), orders.Column(order => order.Record.MessageId),
            orders.Times(order => order.Record.Timestamp), orders.Times(order => order.Record.ReceivedAt), load.Now);

    // Straight into the table: the orders are new here, and their partition is ours, so no line can exist.
    private static Task CopyItemsAsync(LoadTransaction load, IReadOnlyCollection<OrderStatement> orders, CancellationToken cancellationToken) =>
        load.CopyAsync(
            CopyItems, CopyItemsColumns,
            rows =>
            {
                foreach (var order in orders)
                {
                    foreach (var line in order.Order.Lines)
                    {
                        rows.Row();
                        rows.Text(order.OrderKey);
                        rows.Text(NaturalKeys.Product(order.Platform, line.Sku));
                        rows.Int(line.Quantity);
                        rows.Amount(line.Price);
                        rows.Amount(line.Discount);
                        rows.Int(line.Line);
                        rows.Bool(line.Stocked);
                        rows.Time(load.LoadedAt);
                    }
                }
            },
            cancellationToken);
}
