using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.Streaming.LocalProcess;

/// <summary>
/// Starts children that the kernel ends with us. PR_SET_PDEATHSIG fires when the *thread* that forked ends, so every child
/// is forked by one thread that lives as long as the process; a pool thread would take its children with it when it retires.
/// </summary>
public static class ChildProcesses
{
    // $1 is the log file; the shell opens it before setpriv changes the account, which often may not. exec keeps the pid.
    private const string IntoLog = "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1";
    private const string ToOurs = "shift; exec \"$@\" </dev/null";

    private static readonly BlockingCollection<Action> Requests = [];
    private static readonly Lazy<Thread> Forker = new(StartForker);
    private static readonly Lazy<bool> HasSetpriv = new(() => Executables.Find("setpriv") is not null);

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command)
    {
        _ = Forker.Value;
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(new ChildProcess(Process.Start(StartInfo(command))!));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return await started.Task;
    }

    /// <summary>Starts a program and waits for its end; its output goes to the command's log file.</summary>
    public static async Task<int> RunAsync(ChildCommand command, CancellationToken cancellation)
    {
        using var child = await StartAsync(command);
        await using var stop = cancellation.Register(() => child.Send(Signal.Kill));
        await child.Exited;
        cancellation.ThrowIfCancellationRequested();
        return child.ExitCode;
    }

    private static ProcessStartInfo StartInfo(ChildCommand command)
    {
        var info = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = command.WorkingDirectory ?? "" };
        foreach (var argument in Arguments(command))
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment)
            info.Environment[name] = value;
        return info;
    }

    private static IEnumerable<string> Arguments(ChildCommand command) =>
    [
        "-c", command.LogFile is null ? ToOurs : IntoLog, "commerce", command.LogFile ?? "",
        .. Wrapper(command), command.File, .. command.Arguments,
    ];

    private static IEnumerable<string> Wrapper(ChildCommand command)
    {
        if (!HasSetpriv.Value && command.RunAs is null)
            return [];
        string[] account = command.RunAs is { } user
            ? [$"--reuid={user.UserId}", $"--regid={user.GroupId}", "--init-groups"]
            : [];
        return ["setpriv", .. account, "--pdeathsig", command.ParentDeathSignal.ToString().ToUpperInvariant(), "--"];
    }

    private static Thread StartForker()
    {
        var thread = new Thread(() =>
        {
            foreach (var request in Requests.GetConsumingEnumerable())
                request();
        })
        { IsBackground = true, Name = "child-forker" };
        thread.Start();
        return thread;
    }
}
