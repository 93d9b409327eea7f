using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Verification.Sample;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Demo;

/// <summary>A shop's figures as tables.</summary>
internal static class FigureTables
{
    private const int BarWidth = 24;

    public static void Write(ShopFigures figures)
    {
        Weeks(figures.Weeks);
        Products(figures.TopProducts);
        Channels(figures.Channels);
        Segments(figures.Segments);
        Screen.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"From the API's answer to the row in the warehouse, of orders: half within {figures.Latency.Median / 1000:0.00} s, 99 % within {figures.Latency.Worst1Percent / 1000:0.00} s."));
    }

    private static void Weeks(IReadOnlyList<WeekFigure> weeks)
    {
        var table = Table("week of", "orders", "net revenue");
        table.AddColumn("");
        var most = weeks.Select(week => week.Revenue).DefaultIfEmpty(0).Max();
        foreach (var week in weeks)
        {
            var bar = most > 0 ? new string(Screen.IsInteractive ? '█' : '#', (int)(Math.Max(0, week.Revenue) / most * BarWidth)) : "";
            table.AddRow(week.WeekStart.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Count(week.Orders), Money(week.Revenue), $"[teal]{bar}[/]");
        }
        Screen.Out.Write(table);
    }

    private static void Products(IReadOnlyList<ProductFigure> products)
    {
        var table = Table("best sellers", "units", "revenue", "in stock");
        foreach (var product in products)
            table.AddRow((product.Title ?? "").EscapeMarkup(), Count(product.Units), Money(product.Revenue), Count(product.Available));
        Screen.Out.Write(table);
    }

    private static void Channels(IReadOnlyList<ChannelFigure> channels)
    {
        var table = Table("net revenue credited to", "last touch", "linear", "position 40/20/40", "time decay 7 d");
        foreach (var channel in channels)
            table.AddRow(channel.Channel.EscapeMarkup(), Money(channel.LastTouch), Money(channel.Linear), Money(channel.PositionBased), Money(channel.TimeDecay));
        table.AddRow(
            "all", Money(channels.Sum(each => each.LastTouch)), Money(channels.Sum(each => each.Linear)),
            Money(channels.Sum(each => each.PositionBased)), Money(channels.Sum(each => each.TimeDecay)));
        Screen.Out.Write(table);
    }

    private static void Segments(IReadOnlyList<SegmentFigure> segments)
    {
        var table = Table("segment", "customers", "spent");
        foreach (var segment in segments)
            table.AddRow(segment.Segment.EscapeMarkup(), Count(segment.Customers), Money(segment.Spent));
        Screen.Out.Write(table);
    }

    /// <summary>Words to the left, numbers to the right.</summary>
    private static Table Table(params string[] columns)
    {
        var table = Screen.Table(columns);
        foreach (var column in table.Columns.Skip(1))
            column.Alignment = Justify.Right;
        return table;
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);
}
