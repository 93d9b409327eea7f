namespace Commerce.Streaming.Cli.Platform;

/// <summary>The state folder of one copy of the platform (`.commerce/`), and the checkout that the binaries come from.</summary>
public sealed record PlatformPaths(string Home)
{
    private const string Marker = "Commerce.Streaming.sln";

    public string StateFile => Path.Combine(Home, "state.json");

    public string LockFile => Path.Combine(Home, "lock");

    public string KeysFile => Path.Combine(Home, "keys.json");

    public string Logs => Path.Combine(Home, "logs");

    public string Postgres => Path.Combine(Home, "postgres");

    public string LogOf(string process) => Path.Combine(Logs, process + ".log");

    /// <summary>
    /// The checkout: COMMERCE_ROOT (set by the `commerce` script), else the folder above our binaries that has the solution.
    /// </summary>
    public static string Root { get; } = FindRoot();

    public static string CatalogueFile => Path.Combine(Root, "services", "catalogue.json");

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable("COMMERCE_ROOT") is { Length: > 0 } given)
            return given;
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, Marker)))
            folder = Path.GetDirectoryName(folder);
        return folder ?? Environment.CurrentDirectory;
    }
}
