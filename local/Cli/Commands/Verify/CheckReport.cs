using System.Text.Json;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Verification;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Verify;

/// <summary>Prints checks side by side.</summary>
internal static class CheckReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(string title, IReadOnlyList<Check> checks, bool json)
    {
        var failed = checks.Count(check => !check.Passed);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { passed = failed == 0, checks }, Json));
            return;
        }
        Screen.Out.Write(TableOf(title, checks));
        foreach (var check in checks.Where(check => !check.Passed))
        {
            Screen.Out.WriteLine($"{check.Subject}: expected {check.Expected}, found {check.Actual}");
            foreach (var difference in check.Differences)
                Screen.Out.WriteLine($"  {difference}");
            if (check.DifferenceCount > check.Differences.Count && check.Differences.Count > 0)
                Screen.Out.WriteLine($"  and {Numbers.Text(check.DifferenceCount - check.Differences.Count)} more");
        }
        Screen.Out.WriteLine(failed == 0 ? $"All {checks.Count} checks agree." : $"{failed} of {checks.Count} checks differ.");
    }

    private static Table TableOf(string title, IReadOnlyList<Check> checks)
    {
        var table = Screen.Table(title, "expected", "found", "");
        table.Columns[1].Alignment = table.Columns[2].Alignment = Justify.Right;
        foreach (var check in checks)
        {
            table.AddRow(
                check.Subject.EscapeMarkup(),
                check.Expected.EscapeMarkup(),
                check.Actual.EscapeMarkup(),
                check.Passed ? "[green]ok[/]" : "[red]DIFFERS[/]");
        }
        return table;
    }
}
