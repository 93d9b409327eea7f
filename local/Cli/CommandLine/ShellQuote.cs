namespace Commerce.Streaming.Cli.CommandLine;

internal static class ShellQuote
{
    private const string Harmless = "-_./:@,%+=";

    /// <summary>The value as one word of a POSIX shell; unquoted when nothing in it is special.</summary>
    public static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || Harmless.Contains(c))
            ? value
            : "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
