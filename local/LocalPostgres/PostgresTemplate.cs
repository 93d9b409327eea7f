namespace Commerce.Streaming.LocalPostgres;

/// <summary>
/// A ready cluster with roles and an empty database, made once per machine, account and version, and copied for every test run:
/// a copy takes a tenth of the time of initdb.
/// </summary>
internal sealed record PostgresTemplate(string Folder)
{
    private const int Revision = 1;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Data => Path.Combine(Folder, "data");

    private string Secret => Path.Combine(Folder, "secret");

    public static PostgresTemplate For(PostgresBinaries binaries, PostgresPlacement placement) =>
        new(Path.Combine(Path.GetTempPath(), $"commerce-postgres-{binaries.Major}-{placement.Account?.Name ?? Environment.UserName}-{Revision}"));

    /// <summary>Passwords of the cluster that was copied to the directory.</summary>
    public async Task<PostgresPasswords> CopyToAsync(PostgresCluster cluster, string wantedDirectory, CancellationToken cancellation)
    {
        var directory = cluster.Placement.Directory;
        if (!IsOurs())
            await MakeAsync(cluster.Binaries, cancellation);
        // cp keeps owner and modes; as root a foreign template would stay foreign, and the server refuses to run on it.
        Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
        if (!CommandOutput.Succeeds("cp", "-a", "--reflink=auto", Data, directory))
            throw new LocalPostgresException($"The cluster template {Data} cannot be copied to {directory}; is the disk full?");
        if (cluster.Placement.IsElsewhere)
            cluster.Placement.Create(wantedDirectory);
        return Same(await File.ReadAllTextAsync(Secret, cancellation));
    }

    private static PostgresPasswords Same(string password) => new(password, password, password);

    private bool IsOurs() => File.Exists(Secret) && File.GetUnixFileMode(Secret) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private async Task MakeAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        var making = new PostgresTemplate(Folder + "." + Environment.ProcessId);
        Directory.CreateDirectory(making.Folder);
        var passwords = Same(PostgresPasswords.Generate().Admin);
        var options = new LocalPostgresOptions { DataDirectory = making.Data, Throwaway = false, Passwords = passwords, LogFile = making.Folder + ".log" };
        await using (await LocalPostgresServer.StartAsync(options, binaries, cancellation))
        {
        }
        File.Delete(making.Folder + ".log");
        await File.WriteAllTextAsync(making.Secret, "", cancellation);
        File.SetUnixFileMode(making.Secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(making.Secret, passwords.Admin, cancellation);
        Publish(making);
    }

    /// <summary>Another process may have been first; one of the two is as good as the other.</summary>
    private void Publish(PostgresTemplate made)
    {
        try
        {
            Directory.Move(made.Folder, Folder);
        }
        catch (IOException) when (IsOurs())
        {
            Directory.Delete(made.Folder, recursive: true);
        }
    }
}
