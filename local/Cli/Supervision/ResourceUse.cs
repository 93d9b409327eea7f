using System.Globalization;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>What a process and its descendants take of this machine.</summary>
/// <param name="ResidentBytes">Resident set of the process alone.</param>
/// <param name="ProportionalBytes">Memory of all of them, shared pages counted once.</param>
/// <param name="CpuSeconds">Processor time of all of them so far.</param>
/// <param name="UptimeSeconds">Since the process started.</param>
public sealed record ResourceUse(long ResidentBytes, long ProportionalBytes, double CpuSeconds, double UptimeSeconds)
{
    private const int BytesPerKilobyte = 1024;

    public static ResourceUse? Of(int processId)
    {
        if (ProcessSnapshot.Of(processId) is not { } main)
            return null;
        var all = Descendants(processId).Select(ProcessSnapshot.Of).OfType<ProcessSnapshot>().Append(main).ToList();
        return new ResourceUse(
            main.ResidentBytes,
            all.Sum(process => Proportional(process.ProcessId) ?? process.ResidentBytes),
            all.Sum(process => process.CpuTime.TotalSeconds),
            main.Uptime.TotalSeconds);
    }

    private static IEnumerable<int> Descendants(int processId)
    {
        foreach (var child in Children(processId))
        {
            yield return child;
            foreach (var below in Descendants(child))
                yield return below;
        }
    }

    /// <summary>Any thread may have forked; ours and PostgreSQL's children come from the first.</summary>
    private static IEnumerable<int> Children(int processId) =>
        Read($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/task/{processId.ToString(CultureInfo.InvariantCulture)}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture));

    private static long? Proportional(int processId)
    {
        var line = Read($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/smaps_rollup").Split('\n').FirstOrDefault(text => text.StartsWith("Pss:", StringComparison.Ordinal));
        var kilobytes = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return kilobytes is null ? null : long.Parse(kilobytes, CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
