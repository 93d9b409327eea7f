namespace Commerce.Streaming.Cli.CommandLine;

/// <summary>Ends the command with a message for the user, on stderr, without a stack trace.</summary>
public sealed class CliException(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line itself is wrong.</summary>
    public static CliException Usage(string message) => new(message, ExitCodes.Usage);
}
