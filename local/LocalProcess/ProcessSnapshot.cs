using System.Globalization;

namespace Commerce.Streaming.LocalProcess;

/// <summary>What /proc says about a process at one moment.</summary>
/// <param name="StartTicks">Kernel clock ticks between boot and the start of the process: with the pid it names one process for good.</param>
/// <param name="CpuTicks">User and system time so far, in kernel clock ticks (100 a second).</param>
/// <param name="ResidentBytes">Resident set size, shared pages included.</param>
public sealed record ProcessSnapshot(int ProcessId, char State, long StartTicks, long CpuTicks, long ResidentBytes)
{
    private const int TicksPerSecond = 100;
    private const int FieldsBeforeState = 2;

    public TimeSpan CpuTime => TimeSpan.FromSeconds((double)CpuTicks / TicksPerSecond);

    /// <summary>Time since the process started, by the kernel's own clock.</summary>
    public TimeSpan Uptime => TimeSpan.FromSeconds(Math.Max(0, SystemUptimeSeconds() - ((double)StartTicks / TicksPerSecond)));

    /// <summary>Null when there is no such process, or only its zombie: `kill -0` would still succeed on that.</summary>
    public static ProcessSnapshot? Of(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
            var snapshot = Parse(processId, stat);
            return snapshot.State is 'Z' or 'X' ? null : snapshot;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True when the pid still belongs to the process that started then, and not to a later one with the same number.</summary>
    public static bool IsAlive(int processId, long startTicks) => Of(processId) is { } found && found.StartTicks == startTicks;

    /// <summary>proc(5): the name is in parentheses and may hold spaces, so fields are counted from the last one.</summary>
    internal static ProcessSnapshot Parse(int processId, string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long Field(int number) => long.Parse(fields[number - FieldsBeforeState - 1], CultureInfo.InvariantCulture);
        return new ProcessSnapshot(
            processId,
            fields[0][0],
            StartTicks: Field(22),
            CpuTicks: Field(14) + Field(15),
            ResidentBytes: Field(24) * Environment.SystemPageSize);
    }

    private static double SystemUptimeSeconds() =>
        double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
}
