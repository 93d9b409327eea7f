namespace Commerce.Streaming.Cli.Supervision;

/// <summary>A process could not be brought up.</summary>
internal sealed class ProcessFailedException(string process, string message) : Exception(message)
{
    public string Process { get; } = process;
}
