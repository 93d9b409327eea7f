using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Commands.Sending;
using Commerce.Streaming.Cli.Commands.Verify;
using Commerce.Streaming.SampleShop;
using Commerce.Streaming.Verification;
using Commerce.Streaming.Verification.Sample;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Demo;

/// <summary>The screen at the end of the demo, for somebody who sees the platform for the first time.</summary>
internal static class DemoReport
{
    public static void Write(
        SampleTruth truth, SendRun run, SampleResult result, IReadOnlyList<Check> checks, ShopFigures figures, IReadOnlyList<string> lookAround)
    {
        var totals = truth.Totals;
        Say("");
        Say("What was sent");
        Say($"  Sixty days of a small shop: {totals.Sent:#,0} calls of the public APIs in {run.Elapsed.TotalSeconds:0.0} s, among them");
        Say($"  {totals.Orders:#,0} orders, {totals.RefundIds:#,0} refunds, {totals.Touches:#,0} visits from a campaign or another site, {totals.Decisions:#,0} consent decisions,");
        Say($"  {totals.Sent - totals.Events - totals.Decisions - truth.Quarantine.Count:#,0} calls sent twice and {truth.Quarantine.Count:#,0} that break a rule.");
        Say("");
        Say("What came of it, beside the truth that the sample's generator wrote down");
        WriteFindings(truth, result, checks);
        Say("");
        FigureTables.Write(figures);
        Say("");
        if (lookAround.Count > 0)
        {
            Say("Look around");
            foreach (var line in lookAround)
                Say($"  {line}");
            Say("");
        }

        var failed = checks.Where(check => !check.Passed).ToList();
        if (failed.Count == 0)
            Say($"All {checks.Count} comparisons with the truth agree. Run it again: what arrives twice counts once.");
        else
            CheckReport.Write("differs from the truth", failed, json: false);
    }

    private static void WriteFindings(SampleTruth truth, SampleResult result, IReadOnlyList<Check> checks)
    {
        var table = Screen.Table("", "truth", "found", "");
        table.Columns[1].Alignment = table.Columns[2].Alignment = Justify.Right;
        foreach (var (subject, title) in Findings)
        {
            var check = checks.First(each => each.Subject == subject);
            table.AddRow(title.EscapeMarkup(), check.Expected.EscapeMarkup(), check.Actual.EscapeMarkup(), check.Passed ? "[green]ok[/]" : "[red]DIFFERS[/]");
        }
        Screen.Out.Write(table);
        var identity = result.Identity;
        Say($"  Who is who: {truth.People.Count:#,0} people, {identity.Profiles:#,0} profiles; pairs of identifiers put together rightly {identity.Precision:0.0 %}, found {identity.Recall:0.0 %}");
        Say("  (the rest are devices that nobody ever signed in on: nothing could tie them).");
    }

    private static readonly (string Subject, string Title)[] Findings =
    [
        ("revenue", "revenue, EUR"),
        ("refunds", "refunds, EUR"),
        ("net spend by customer", "customers whose spending agrees"),
        ("profiles", "profiles"),
        ("identifiers of two people together", "people mixed up (pairs of identifiers)"),
        ("last touch of every order", "orders with the right last touch"),
        ("orders whose touches consent forbids to use", "orders whose touches consent forbids to use"),
        ("on hand of every product", "products whose stock agrees"),
        ("mistakes in quarantine with their reason", "mistakes in quarantine with their reason"),
        ("credits of every order and model = its net revenue", "orders x models whose credits sum to net revenue"),
        ("e-mail addresses in the clear", "e-mail addresses in the warehouse"),
    ];

    private static void Say(FormattableString line) => Screen.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Say(string line) => Screen.Out.WriteLine(line);
}
