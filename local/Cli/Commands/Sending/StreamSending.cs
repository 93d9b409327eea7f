using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.EventSender;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Sending;

/// <summary>Sends a stream with progress, goes on where an interrupted run stopped, and leaves a state behind.</summary>
internal static class StreamSending
{
    // The position is worth seconds of sending again, not a disk flush for each request.
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    /// <exception cref="CliException">The API does not take it.</exception>
    public static async Task<SendRun> RunAsync(
        string title, ICallStream calls, SendOptions options, string stateFolder, bool restart, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var checkpoint = new Checkpoint(stateFolder);
        var from = (restart ? null : checkpoint.Interrupted(calls)) ?? new SendState { Fingerprint = calls.Fingerprint };
        if (from.Position > 0)
            Screen.Error.WriteLine(FormattableString.Invariant($"Goes on at call {from.Position:#,0} of {calls.Count:#,0}, where the last run stopped (--restart sends all)."));
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var sender = new CallSender(http, options, time);
        var started = time.GetTimestamp();
        var saved = time.GetTimestamp();
        var state = from;
        try
        {
            state = await new SendingScreen(title, calls, time).ShowAsync(
                from, progress => sender.RunAsync(calls, from, Acknowledged, progress, cancellation));
        }
        catch (SendFailedException e)
        {
            throw new CliException(FormattableString.Invariant($"{e.Message}\n{state.Position:#,0} of {calls.Count:#,0} calls are acknowledged; the same command goes on from there."));
        }
        catch (OperationCanceledException)
        {
            Screen.Error.WriteLine(FormattableString.Invariant($"Stopped. {state.Position:#,0} of {calls.Count:#,0} calls are acknowledged; the same command goes on from there."));
            throw;
        }
        finally
        {
            checkpoint.Save(state);
        }
        return new SendRun(state, state.Position - from.Position, time.GetElapsedTime(started));

        void Acknowledged(SendState next)
        {
            state = next;
            if (time.GetElapsedTime(saved) < SaveInterval)
                return;
            checkpoint.Save(next);
            saved = time.GetTimestamp();
        }
    }
}

/// <summary>A finished run.</summary>
/// <param name="Calls">Calls sent by this run, without what an earlier one had sent.</param>
internal sealed record SendRun(SendState State, int Calls, TimeSpan Elapsed);
