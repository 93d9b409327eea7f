using System.Runtime.InteropServices;

namespace Commerce.Streaming.LocalProcess;

/// <summary>The few system calls that .NET has no API for.</summary>
public static partial class Posix
{
    /// <summary>Sends a signal; false when the process is gone or not ours to signal.</summary>
    public static bool Send(int processId, Signal signal) => Kill(processId, (int)signal) == 0;

    /// <summary>True when this process may act as other accounts.</summary>
    public static bool IsRoot => GetEffectiveUserId() == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUserId();
}
