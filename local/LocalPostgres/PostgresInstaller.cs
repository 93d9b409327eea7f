using System.Diagnostics;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>Gets PostgreSQL from the distribution when we may, and says what to install when we may not.</summary>
public static class PostgresInstaller
{
    private const string Advice =
        "PostgreSQL 15 or newer is needed and was not found. Install it and run this again:\n"
        + "  Debian, Ubuntu   sudo apt-get install postgresql\n"
        + "  Fedora, RHEL     sudo dnf install postgresql-server\n"
        + "  Alpine           sudo apk add postgresql\n"
        + "or name its folder in " + PostgresBinaries.FolderVariable + ", or a running server in COMMERCE_POSTGRES_URL.";

    /// <summary>The installed PostgreSQL for this data directory; as root on a Debian-like system a missing one is installed first.</summary>
    /// <param name="show">Takes each line of what is being done.</param>
    /// <exception cref="LocalPostgresException">There is none and it cannot be installed; the message says what to do.</exception>
    public static async Task<PostgresBinaries> ObtainAsync(string dataDirectory, Action<string> show, CancellationToken cancellation)
    {
        if (PostgresBinaries.FindFor(dataDirectory) is { } installed)
            return installed;
        if (!Posix.IsRoot || Executables.Find("apt-get") is null)
            throw new LocalPostgresException(Advice);
        await RunAptAsync(["update"], show, cancellation);
        await RunAptAsync(["install", "-y", "--no-install-recommends", "postgresql"], show, cancellation);
        return PostgresBinaries.FindFor(dataDirectory) ?? throw new LocalPostgresException(Advice);
    }

    private static async Task RunAptAsync(string[] arguments, Action<string> show, CancellationToken cancellation)
    {
        show("$ apt-get " + string.Join(' ', arguments));
        var info = new ProcessStartInfo("apt-get", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        info.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var apt = new Process { StartInfo = info };
        apt.OutputDataReceived += (_, line) => Show(line.Data);
        apt.ErrorDataReceived += (_, line) => Show(line.Data);
        apt.Start();
        apt.StandardInput.Close();
        apt.BeginOutputReadLine();
        apt.BeginErrorReadLine();
        await apt.WaitForExitAsync(cancellation);
        if (apt.ExitCode != 0)
            throw new LocalPostgresException($"apt-get {arguments[0]} failed with exit code {apt.ExitCode}.\n{Advice}");

        void Show(string? line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                show("  " + line);
        }
    }
}
