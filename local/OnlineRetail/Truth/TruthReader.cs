using System.Globalization;
using System.Runtime.InteropServices;

namespace Commerce.Streaming.OnlineRetail.Truth;

/// <summary>
/// Reads the truth out of a file, row by row and without the replay's mapping. Only the list of codes that are not goods
/// (<see cref="Goods"/>) is shared: it is a definition.
/// </summary>
public static class TruthReader
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "M/d/yyyy"];

    public static RetailTruth Read(string path)
    {
        var truth = new RetailTruth();
        var byInvoice = new Dictionary<string, List<Row>>(StringComparer.Ordinal);
        Dictionary<string, int>? header = null;
        foreach (var fields in CsvRows.Read(path))
        {
            if (header is null)
            {
                header = Header(fields);
                continue;
            }
            truth.Rows++;
            var number = fields[header["INVOICE"]];
            ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(byInvoice, number, out _);
            (rows ??= []).Add(ReadRow(fields, header));
        }
        foreach (var (number, rows) in byInvoice)
            Count(truth, number, rows);
        return truth;
    }

    private static Dictionary<string, int> Header(string[] fields)
    {
        var header = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            var name = fields[i].Trim('\uFEFF').Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
            header[name switch { "INVOICENO" => "INVOICE", "UNITPRICE" => "PRICE", _ => name }] = i;
        }
        return header;
    }

    private static Row ReadRow(string[] fields, Dictionary<string, int> header)
    {
        var customer = fields[header["CUSTOMERID"]];
        return new Row(
            fields[header["STOCKCODE"]],
            int.Parse(fields[header["QUANTITY"]], CultureInfo.InvariantCulture),
            decimal.Parse(fields[header["PRICE"]], NumberStyles.Float, CultureInfo.InvariantCulture),
            fields[header["INVOICEDATE"]],
            customer.Split('.')[0]);
    }

    private static void Count(RetailTruth truth, string number, List<Row> rows)
    {
        var letter = char.IsAsciiLetter(number[0]) ? char.ToUpperInvariant(number[0]) : ' ';
        var customer = rows[0].Customer;
        if (customer.Length > 0)
            truth.NetSpendByCustomer.TryAdd(customer, 0m);
        if (letter is not (' ' or 'C') || rows.Exists(row => row.Price < 0))
        {
            truth.Quarantined.Add(number);
            return;
        }
        if (letter == 'C')
            CountRefund(truth, number, rows);
        else if (rows.Exists(row => row.Quantity > 0 && (row.Price > 0 || customer.Length > 0)))
            CountOrder(truth, rows);
        else
            rows.ForEach(row => Move(truth, row, row.Quantity));
    }

    private static void CountOrder(RetailTruth truth, List<Row> rows)
    {
        var revenue = 0m;
        truth.Orders++;
        foreach (var row in rows)
        {
            if (row.Quantity > 0)
            {
                truth.OrderLines++;
                truth.Units += row.Quantity;
                revenue += row.Quantity * row.Price;
            }
            // A line taken out of stock or put back within an order is an adjustment of its quantity.
            Move(truth, row, row.Quantity > 0 ? -row.Quantity : row.Quantity);
        }
        truth.Revenue += revenue;
        var day = Day(rows);
        truth.RevenueByDay[day] = truth.RevenueByDay.GetValueOrDefault(day) + revenue;
        Spend(truth, rows[0].Customer, revenue);
    }

    private static void CountRefund(RetailTruth truth, string number, List<Row> rows)
    {
        var returned = rows.FindAll(row => row.Quantity < 0);
        if (returned.Count < rows.Count)
            truth.Quarantined.Add(number);
        if (returned.Count == 0)
            return;
        truth.RefundInvoices++;
        foreach (var row in returned)
        {
            truth.Refunds += -row.Quantity * row.Price;
            Spend(truth, row.Customer, row.Quantity * row.Price);
            Move(truth, row, -row.Quantity);
        }
    }

    private static void Spend(RetailTruth truth, string customer, decimal amount)
    {
        if (customer.Length > 0)
            truth.NetSpendByCustomer[customer] = truth.NetSpendByCustomer.GetValueOrDefault(customer) + amount;
    }

    private static void Move(RetailTruth truth, Row row, long quantity)
    {
        if (Goods.IsStocked(row.StockCode))
            truth.StockChange[row.StockCode] = truth.StockChange.GetValueOrDefault(row.StockCode) + quantity;
    }

    /// <summary>The day on which the invoice was begun: a few span two minutes.</summary>
    private static DateOnly Day(List<Row> rows) => rows.Min(row =>
        DateOnly.ParseExact(row.Time.Split(' ', 'T')[0], DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None));

    private readonly record struct Row(string StockCode, int Quantity, decimal Price, string Time, string Customer);
}
