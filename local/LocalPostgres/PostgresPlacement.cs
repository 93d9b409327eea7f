using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>Who runs PostgreSQL, and where its data can be so that this account reaches them.</summary>
/// <param name="Directory">Where the data are.</param>
/// <param name="Account">The account to run as; null for our own.</param>
public sealed record PostgresPlacement(string Directory, OsAccount? Account)
{
    private const string SystemRoot = "/var/lib/commerce-streaming";
    private const int HashCharacters = 12;

    // PostgreSQL refuses root. Distributions' packages make the first; the second is on every system.
    private static readonly string[] Accounts = ["postgres", "nobody"];

    /// <summary>True when the data had to go elsewhere than asked for.</summary>
    public bool IsElsewhere { get; private init; }

    /// <summary>
    /// The wanted directory, unless we are root and PostgreSQL's account cannot enter one of its parents (a clone under /root):
    /// then a directory of the system, named by a hash of the wanted one, with a link to it in the wanted place.
    /// </summary>
    public static PostgresPlacement Resolve(string wantedDirectory)
    {
        var wanted = Path.GetFullPath(wantedDirectory);
        if (!Posix.IsRoot)
            return new PostgresPlacement(wanted, null);
        var accounts = Accounts.Select(OsAccount.Find).OfType<OsAccount>().ToList();
        var account = accounts.Find(found => Owns(found, wanted)) ?? accounts.FirstOrDefault()
            ?? throw new LocalPostgresException("PostgreSQL does not run as root and there is no account 'postgres': create it with useradd -r postgres.");
        return CanEnter(account, ExistingParent(wanted))
            ? new PostgresPlacement(wanted, account)
            : new PostgresPlacement(Path.Combine(SystemRoot, Hash(wanted), "postgres"), account) { IsElsewhere = true };
    }

    /// <summary>Makes the directory for that account alone (and the link to it).</summary>
    public void Create(string wantedDirectory)
    {
        System.IO.Directory.CreateDirectory(Directory);
        if (Account is { } account && !CommandOutput.Succeeds("chown", "-R", $"{account.UserId}:{account.GroupId}", Directory))
            throw new LocalPostgresException($"{Directory} cannot be given to the account {account.Name}: set COMMERCE_HOME to a folder on a local disk.");
        File.SetUnixFileMode(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!IsElsewhere)
            return;
        // A copied state folder brings a link to the data of its original.
        if (new DirectoryInfo(wantedDirectory).LinkTarget is { } old && old != Directory)
            File.Delete(wantedDirectory);
        if (!Path.Exists(wantedDirectory))
            System.IO.Directory.CreateSymbolicLink(wantedDirectory, Directory);
    }

    /// <summary>Deletes the data, wherever they are, and the link.</summary>
    public static void Delete(string wantedDirectory)
    {
        var info = new DirectoryInfo(wantedDirectory);
        if (info.LinkTarget is not { } elsewhere)
        {
            if (info.Exists)
                info.Delete(recursive: true);
            return;
        }
        // Not Directory.Delete, which follows the link and is lost when it dangles.
        File.Delete(wantedDirectory);
        var target = elsewhere.StartsWith(SystemRoot, StringComparison.Ordinal) ? Path.GetDirectoryName(elsewhere)! : elsewhere;
        if (System.IO.Directory.Exists(target))
            System.IO.Directory.Delete(target, recursive: true);
    }

    // Data that are there already stay with their account, even when a package has brought a better one since.
    private static bool Owns(OsAccount account, string directory) =>
        Path.Exists(directory) && CommandOutput.Of("stat", "-L", "-c", "%u", directory).Trim() == account.UserId.ToString(CultureInfo.InvariantCulture);

    private static bool CanEnter(OsAccount account, string directory) =>
        CommandOutput.Succeeds(
            "setpriv", $"--reuid={account.UserId}", $"--regid={account.GroupId}", "--init-groups", "--", "test", "-x", directory);

    private static string ExistingParent(string path)
    {
        var parent = Path.GetDirectoryName(path)!;
        while (!System.IO.Directory.Exists(parent))
            parent = Path.GetDirectoryName(parent)!;
        return parent;
    }

    private static string Hash(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..HashCharacters];
}
