using Spectre.Console;

namespace Commerce.Streaming.Cli.CommandLine;

/// <summary>
/// Where commands write: results to <see cref="Out"/>, progress and errors to <see cref="Error"/>. A pipe gets plain text
/// without colours, borders or line breaks that a narrow terminal would need.
/// </summary>
public static class Screen
{
    private const int PipeWidth = 400;

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>True when a person watches stdout.</summary>
    public static bool IsInteractive => Out.Profile.Out.IsTerminal;

    /// <summary>A table that is pretty on a terminal and plain columns in a pipe.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = IsInteractive ? TableBorder.Rounded : TableBorder.None, ShowHeaders = true };
        table.BorderColor(Color.Grey);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column.EscapeMarkup()) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    /// <summary>Text that came from outside, without what a terminal would obey.</summary>
    public static string Harmless(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(each => char.IsControl(each) ? '\uFFFD' : each)) : text;

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = PipeWidth;
        return console;
    }
}
