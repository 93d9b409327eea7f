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
        var added = (await InsertAsync(load, rows.Orders.Values, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var orders = rows.Orders.Values.Where(order => added.Contains(order.OrderKey)).ToList();
        await CopyItemsAsync(load, orders, cancellationToken);
        load.Orders.UnionWith(added);
        load.Days.UnionWith(orders.Select(order => (order.Platform, order.DateKey)));
        load.Tables.UnionWith(["staged_orders", "fact_orders", "fact_order_items"]);
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

    /// <summary>Answers the keys of the orders that are new.</summary>
    private static Task<List<string>> InsertAsync(
        LoadTransaction load, IReadOnlyCollection<OrderStatement> orders, CancellationToken cancellationToken) =>
        load.QueryAsync(
            Insert, reader => reader.GetString(0), cancellationToken,
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
