using System.Globalization;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>One installed PostgreSQL: the folder with initdb and postgres, and its major version.</summary>
public sealed record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest version that the warehouse is tested on.</summary>
    public const int OldestMajor = 15;

    /// <summary>Names a bin folder to use instead of searching.</summary>
    public const string FolderVariable = "COMMERCE_POSTGRES_BIN";

    private static readonly string[] Parents = ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    private static readonly string[] Folders = ["/usr/local/pgsql/bin", "/usr/bin", "/usr/libexec/postgresql"];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>All usable installations, the one to prefer first: that of <see cref="FolderVariable"/>, then the newest.</summary>
    public static IReadOnlyList<PostgresBinaries> FindAll()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        var candidates = string.IsNullOrEmpty(named) ? Usual() : [named];
        return [.. candidates.Select(Probe).OfType<PostgresBinaries>().DistinctBy(found => found.Folder).OrderByDescending(found => found.Major)];
    }

    /// <summary>The installation for a data directory: one that has its major version when it exists already, else the preferred.</summary>
    /// <exception cref="LocalPostgresException">The directory was made by a version that is no longer installed.</exception>
    public static PostgresBinaries? FindFor(string dataDirectory)
    {
        var installed = FindAll();
        var versionFile = Path.Combine(dataDirectory, "PG_VERSION");
        if (!File.Exists(versionFile))
            return installed.FirstOrDefault();
        var major = int.Parse(File.ReadAllText(versionFile).Trim(), CultureInfo.InvariantCulture);
        return installed.FirstOrDefault(found => found.Major == major)
            ?? throw new LocalPostgresException(
                $"The data in {dataDirectory} were made by PostgreSQL {major}, which is not installed any more. "
                + $"Install it (apt-get install postgresql-{major}), or delete the data with ./commerce reset.");
    }

    private static IEnumerable<string> Usual()
    {
        var versioned = Parents.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Select(folder => Path.Combine(folder, "bin"));
        return Executables.Folders().Concat(versioned).Concat(Folders);
    }

    private static PostgresBinaries? Probe(string folder)
    {
        var initdb = Path.Combine(folder, "initdb");
        if (!Executables.IsExecutable(initdb))
            return null;
        // Distributions link initdb into PATH, but not postgres, which it needs beside it.
        var real = Path.GetDirectoryName(File.ResolveLinkTarget(initdb, returnFinalTarget: true)?.FullName) ?? folder;
        var postgres = Path.Combine(real, "postgres");
        return Executables.IsExecutable(postgres) && ParseMajor(CommandOutput.Of(postgres, "--version")) is { } major && major >= OldestMajor
            ? new PostgresBinaries(real, major)
            : null;
    }

    /// <summary>From `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` or `postgres (PostgreSQL) 19beta1`.</summary>
    internal static int? ParseMajor(string versionLine)
    {
        var words = versionLine.Split(' ');
        var digits = words.Length > 2 ? string.Concat(words[2].TakeWhile(char.IsAsciiDigit)) : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
    }
}
