using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.EventSender;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Sending;

/// <summary>Shows a stream being sent: a bar on a terminal, a line now and then in a pipe.</summary>
internal sealed class SendingScreen(string title, ICallStream calls, TimeProvider time)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <param name="send">Sends, and reports as it goes.</param>
    public Task<SendState> ShowAsync(SendState from, Func<IProgress<SendProgress>, Task<SendState>> send) =>
        Screen.Error.Profile.Capabilities.Interactive ? ShowBarAsync(from, send) : ShowLinesAsync(from, send);

    private Task<SendState> ShowBarAsync(SendState from, Func<IProgress<SendProgress>, Task<SendState>> send) =>
        Screen.Error.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(title.EscapeMarkup(), maxValue: calls.Count);
                task.Value = from.Position;
                var meter = new RateMeter(from.Position, time);
                return await send(new Reporter(progress =>
                {
                    task.Value = progress.State.Position;
                    task.Description = Describe(progress, meter.Take(progress.State.Position)).EscapeMarkup();
                }));
            });

    private async Task<SendState> ShowLinesAsync(SendState from, Func<IProgress<SendProgress>, Task<SendState>> send)
    {
        var meter = new RateMeter(from.Position, time);
        var shown = time.GetTimestamp();
        string? waiting = null;
        return await send(new Reporter(progress =>
        {
            var rate = meter.Take(progress.State.Position);
            if (time.GetElapsedTime(shown) < LineInterval && progress.Waiting == waiting)
                return;
            (shown, waiting) = (time.GetTimestamp(), progress.Waiting);
            var left = rate > 0 ? TimeSpan.FromSeconds((calls.Count - progress.State.Position) / rate) : TimeSpan.Zero;
            Screen.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{100.0 * progress.State.Position / calls.Count,5:0.0} %  {Describe(progress, rate)}, {left:mm\\:ss} left"));
        }));
    }

    private string Describe(SendProgress progress, double rate) => progress.Waiting is { } why
        ? $"{title}: waiting, {why}"
        : string.Create(CultureInfo.InvariantCulture, $"{title} {progress.At:yyyy-MM-dd}  {progress.State.Position:#,0} of {calls.Count:#,0} calls, {rate:#,0}/s");

    /// <summary>Reports on the thread that sends: <see cref="Progress{T}"/> would let reports overtake each other.</summary>
    private sealed class Reporter(Action<SendProgress> report) : IProgress<SendProgress>
    {
        public void Report(SendProgress value) => report(value);
    }
}
