namespace Commerce.Streaming.LocalProcess;

/// <summary>Programs on PATH.</summary>
public static class Executables
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Full path of the first match on PATH, or null.</summary>
    public static string? Find(string name) => Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsExecutable);

    public static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>False, too, for a link whose target is gone: a package that was removed leaves such links behind.</summary>
    public static bool IsExecutable(string path)
    {
        if (!File.Exists(path))
            return false;
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return File.Exists(target) && (File.GetUnixFileMode(target) & AnyExecute) != 0;
    }
}
