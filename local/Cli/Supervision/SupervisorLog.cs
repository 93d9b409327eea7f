using System.Globalization;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>The supervisor's own log: its standard output, which `up` points at logs/supervisor.log.</summary>
internal sealed class SupervisorLog(TextWriter output, TimeProvider time)
{
    public void Write(string line) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}Z {line}"));
}
