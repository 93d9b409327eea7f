using System.Globalization;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>How much longer than usual everything may take because the machine is busy.</summary>
internal static class MachineLoad
{
    private const double LargestFactor = 20;

    /// <summary>
    /// Runnable threads per core over the last minute, between 1 and 20. Limits are multiplied by it: to kill what is merely
    /// starved of processor time makes the shortage worse.
    /// </summary>
    public static double Factor()
    {
        try
        {
            return FactorOf(File.ReadAllText("/proc/loadavg"), Environment.ProcessorCount);
        }
        catch (IOException)
        {
            return 1;
        }
    }

    internal static double FactorOf(string loadAverage, int cores) =>
        Math.Clamp(double.Parse(loadAverage.Split(' ')[0], CultureInfo.InvariantCulture) / cores, 1, LargestFactor);
}
