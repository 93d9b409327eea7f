using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>
/// staged_orders, fact_orders and fact_order_items. Orders that are new here go straight into the tables by COPY: their partition is
/// ours, so nobody else adds them, and an order without a fact has no staged statement either.
/// </summary>
internal static partial class OrderLoad
{
    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Orders.Count == 0)
            return;
        var known = (await load.QueryAsync(Known, reader => reader.GetString(0), cancellationToken, rows.Orders.Keys.Column(key => key)))
            .ToHashSet(StringComparer.Ordinal);
        var orders = rows.Orders.Values.Where(order => !known.Contains(order.OrderKey)).ToList();
        var restated = rows.Staged.Values.Where(order => known.Contains(order.OrderKey)).ToList();
        if (restated.Count > 0)
            await RestageAsync(load, restated, cancellationToken);
        load.Tables.Add("staged_orders");
        if (orders.Count == 0)
            return;
        var staged = known.Count == 0 ? rows.Staged.Values : rows.Staged.Values.Where(order => !known.Contains(order.OrderKey));
        await load.CopyAsync(CopyStaged, CopyStagedColumns, copy => WriteStaged(copy, staged, load.LoadedAt), cancellationToken);
        await load.CopyAsync(CopyOrders, CopyOrdersColumns, copy => WriteOrders(copy, orders, load.LoadedAt), cancellationToken);
        await load.CopyAsync(CopyItems, CopyItemsColumns, copy => WriteItems(copy, orders, load.LoadedAt), cancellationToken);
        load.Orders.UnionWith(orders.Select(order => order.OrderKey));
        load.Days.UnionWith(orders.Select(order => (order.Platform, order.DateKey)));
        load.Tables.UnionWith(["fact_orders", "fact_order_items"]);
    }

    private static Task RestageAsync(LoadTransaction load, IReadOnlyCollection<OrderStatement> restated, CancellationToken cancellationToken) =>
        load.ExecuteAsync(
            Restage, cancellationToken,
            restated.Column(order => order.OrderKey), restated.Column(order => order.Order.OrderId), restated.Column(order => order.Platform),
            restated.Column(order => order.Record.Source.Id), restated.Column(order => order.Record.MessageId),
            restated.Column(order => order.Record.ProfileId), restated.Column(order => order.Record.UserId),
            restated.Column(order => order.Order.Currency), restated.Column(order => order.Order.Revenue), restated.Column(order => order.Order.Tax),
            restated.Column(order => order.Order.Shipping), restated.Column(order => order.Order.Discount), restated.Column(order => order.Order.Coupon),
            restated.Column(order => order.ItemCount), restated.Column(order => order.Order.Lines.Count),
            restated.Column(order => order.Record.Consent.Analytics), restated.Column(order => order.Record.Consent.Advertising),
            restated.Column(order => order.Record.Consent.Personalization), restated.Times(order => order.Record.Timestamp),
            restated.Times(order => order.Record.ReceivedAt), restated.Column(order => order.Partition), restated.Column(order => order.Offset),
            load.Now);

    private static void WriteStaged(CopyRows copy, IEnumerable<OrderStatement> staged, DateTimeOffset loadedAt)
    {
        foreach (var order in staged)
        {
            copy.Row();
            copy.Text(order.OrderKey);
            copy.Text(order.Order.OrderId);
            copy.Text(order.Platform);
            copy.Text(order.Record.Source.Id);
            copy.Text(order.Record.MessageId);
            copy.Text(order.Record.ProfileId);
            copy.Text(order.Record.UserId);
            copy.Text(order.Order.Currency);
            copy.Amount(order.Order.Revenue);
            copy.Amount(order.Order.Tax);
            copy.Amount(order.Order.Shipping);
            copy.Amount(order.Order.Discount);
            copy.Text(order.Order.Coupon);
            copy.Long(order.ItemCount);
            copy.Int(order.Order.Lines.Count);
            copy.Bool(order.Record.Consent.Analytics);
            copy.Bool(order.Record.Consent.Advertising);
            copy.Bool(order.Record.Consent.Personalization);
            copy.Time(order.Record.Timestamp);
            copy.Time(order.Record.ReceivedAt);
            copy.Int(order.Partition);
            copy.Long(order.Offset);
            copy.Time(loadedAt);
        }
    }

    private static void WriteOrders(CopyRows copy, List<OrderStatement> orders, DateTimeOffset loadedAt)
    {
        foreach (var order in orders)
        {
            copy.Row();
            copy.Text(order.OrderKey);
            copy.Text(order.Order.OrderId);
            copy.Text(order.Platform);
            copy.Int(order.DateKey);
            copy.Text(order.Record.ProfileId);
            copy.Text(order.Order.Currency);
            copy.Amount(order.Order.Revenue);
            copy.Amount(order.Order.Tax);
            copy.Amount(order.Order.Shipping);
            copy.Amount(order.Order.Discount);
            copy.Long(order.ItemCount);
            copy.Int(order.Order.Lines.Count);
            copy.Text(order.Order.Coupon);
            copy.Text(order.Record.Source.Id);
            copy.Text(order.Record.MessageId);
            copy.Time(order.Record.Timestamp);
            copy.Time(order.Record.ReceivedAt);
            copy.Time(loadedAt);
        }
    }

    private static void WriteItems(CopyRows copy, List<OrderStatement> orders, DateTimeOffset loadedAt)
    {
        foreach (var order in orders)
        {
            foreach (var line in order.Order.Lines)
            {
                copy.Row();
                copy.Text(order.OrderKey);
                copy.Key(order.Platform, line.Sku);
                copy.Int(line.Quantity);
                copy.Amount(line.Price);
                copy.Amount(line.Discount);
                copy.Int(line.Line);
                copy.Bool(line.Stocked);
                copy.Time(loadedAt);
            }
        }
    }
}
