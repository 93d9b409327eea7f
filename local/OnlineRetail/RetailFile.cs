using System.IO.Compression;
using System.Security.Cryptography;
using CsvHelper;
using NodaTime;
using NodaTime.Text;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>The invoices of one Online Retail file, in the order of the shop's clock (ties in the order of the file).</summary>
public sealed record RetailFile
{
    private static readonly string[] NumberNames = ["InvoiceNo", "Invoice"];
    private static readonly string[] PriceNames = ["UnitPrice", "Price"];
    private static readonly string[] CustomerNames = ["CustomerID", "Customer ID"];

    private static readonly CsvReaderOptions Csv = new()
    {
        Separator = ',',
        TrimWhitespace = true,
        TrimInsideQuotes = true,
        PoolStrings = true,
        TrackLineNumbers = true,
    };

    private static readonly LocalDateTimePattern[] TimePatterns =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("M/d/uuuu H:mm"),
    ];

    /// <summary>SHA-256 of the uncompressed file: the identity of the data, however it is packed or named.</summary>
    public required string ContentHash { get; init; }
    public required int Rows { get; init; }
    public required IReadOnlyList<Invoice> Invoices { get; init; }

    /// <summary>Reads a .csv or .csv.gz file.</summary>
    /// <exception cref="InvalidDataException">A column is missing or a value cannot be read; the message names the row.</exception>
    public static RetailFile Read(string path)
    {
        using var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? Read(new GZipStream(file, CompressionMode.Decompress))
            : Read(file);
    }

    /// <summary>Reads uncompressed CSV.</summary>
    public static RetailFile Read(Stream csv)
    {
        using var hash = SHA256.Create();
        using var hashed = new CryptoStream(csv, hash, CryptoStreamMode.Read);
        using var reader = CsvReader.Create(hashed, Csv);
        var (rows, invoices) = ReadInvoices(reader);
        return new RetailFile
        {
            ContentHash = Convert.ToHexStringLower(hash.Hash!),
            Rows = rows,
            // A stable sort: invoices of one minute stay as the file has them.
            Invoices = [.. invoices.OrderBy(invoice => invoice.Time)],
        };
    }

    private static (int Rows, IEnumerable<Invoice> Invoices) ReadInvoices(CsvReader reader)
    {
        var drafts = new Dictionary<string, Draft>(StringComparer.Ordinal);
        var ordered = new List<Draft>();
        var rows = 0;
        try
        {
            var columns = Columns.Of(reader);
            while (reader.Read())
            {
                rows++;
                var number = Required(reader, columns.Number);
                if (!drafts.TryGetValue(number, out var draft))
                {
                    draft = new Draft(number, Customer(reader.GetString(columns.Customer)), reader.GetString(columns.Country));
                    drafts.Add(number, draft);
                    ordered.Add(draft);
                }
                draft.Add(ReadLine(reader, columns), ReadTime(Required(reader, columns.Time)));
            }
        }
        catch (Exception e) when (e is FormatException or CsvFormatException or OverflowException)
        {
            throw new InvalidDataException($"Row {rows} (line {reader.LineNumber} of the file): {e.Message}", e);
        }
        return (rows, ordered.Select(draft => draft.Done()));
    }

    private static InvoiceLine ReadLine(CsvReader reader, Columns columns) => new(
        Required(reader, columns.StockCode),
        reader.GetString(columns.Description),
        reader.Parse<int>(columns.Quantity),
        reader.Parse<decimal>(columns.Price));

    private static LocalDateTime ReadTime(string text)
    {
        foreach (var pattern in TimePatterns)
        {
            if (pattern.Parse(text) is { Success: true } result)
                return result.Value;
        }
        throw new FormatException($"'{text}' is not a time such as 2010-12-01 08:26:00.");
    }

    /// <summary>Spreadsheets turn 17850 into 17850.0.</summary>
    private static string? Customer(string text)
    {
        var id = text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
        return id.Length == 0 ? null : id;
    }

    private static string Required(CsvReader reader, int column) =>
        reader.GetString(column) is { Length: > 0 } text ? text : throw new FormatException($"Column {column + 1} is empty.");

    private sealed record Columns(
        int Number, int StockCode, int Description, int Quantity, int Time, int Price, int Customer, int Country)
    {
        public static Columns Of(CsvReader reader) => new(
            Find(reader, NumberNames), Find(reader, "StockCode"), Find(reader, "Description"), Find(reader, "Quantity"),
            Find(reader, "InvoiceDate"), Find(reader, PriceNames), Find(reader, CustomerNames), Find(reader, "Country"));

        private static int Find(CsvReader reader, params string[] names)
        {
            for (var i = 0; i < reader.Headers.Count; i++)
            {
                if (names.Contains(reader.Headers[i].Trim(), StringComparer.OrdinalIgnoreCase))
                    return i;
            }
            throw new InvalidDataException($"The file has no column {names[0]}; it has {string.Join(", ", reader.Headers)}.");
        }
    }

    private sealed class Draft(string number, string? customer, string country)
    {
        private readonly List<InvoiceLine> _lines = [];
        private LocalDateTime? _time;

        public void Add(InvoiceLine line, LocalDateTime time)
        {
            _lines.Add(line);
            if (_time is null || time < _time)
                _time = time;
        }

        public Invoice Done() => new()
        {
            Number = number,
            Time = _time!.Value,
            CustomerId = customer,
            Country = country,
            Lines = [.. _lines],
        };
    }
}
