using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Verification;
using Commerce.Streaming.Verification.Drain;
using Confluent.Kafka;
using Npgsql;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Verify;

/// <summary>Waits for the pipelines, showing how much they have left.</summary>
internal static class DrainScreen
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>A line that says the same as the one before comes only this often.</summary>
    private static readonly TimeSpan SameLineInterval = TimeSpan.FromSeconds(30);

    /// <returns>Whether they are done, and whether they set records aside.</returns>
    public static async Task<IReadOnlyList<Check>> WaitAsync(
        Dictionary<string, string> kafka, NpgsqlDataSource database, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            using var probe = new DrainProbe(kafka, database);
            var status = Screen.Error.Profile.Capabilities.Interactive
                ? await Screen.Error.Status().StartAsync("Waiting for the pipelines", context => WaitAsync(
                    probe, timeout, left => context.Status(Describe(left).EscapeMarkup()), cancellation))
                : await WaitAsync(probe, timeout, Lines(), cancellation);
            return [Done(status), SetAside(await probe.DeadLettersAsync())];
        }
        catch (KafkaException e)
        {
            throw new CliException($"Kafka at {kafka["bootstrap.servers"]} does not answer: {e.Error.Reason}. With --no-wait the tables are compared as they are.");
        }
    }

    private static Task<DrainStatus> WaitAsync(DrainProbe probe, TimeSpan timeout, Action<DrainStatus> show, CancellationToken cancellation) =>
        DrainWait.RunAsync(probe.LookAsync, timeout, show, TimeProvider.System, cancellation);

    private static Action<DrainStatus> Lines()
    {
        long? shown = null;
        var before = "";
        return status =>
        {
            var line = Describe(status);
            if (shown is { } at && TimeProvider.System.GetElapsedTime(at) < (line == before ? SameLineInterval : LineInterval))
                return;
            (shown, before) = (TimeProvider.System.GetTimestamp(), line);
            Screen.Error.WriteLine(line);
        };
    }

    private static string Describe(DrainStatus status) => status.Drained
        ? "The pipelines are done"
        : "Waiting for " + string.Join(", ", status.Behind.Select(group => $"{group.Key["commerce.".Length..]} ({Numbers.Text(group.Value)})"));

    private static Check Done(DrainStatus status) => new(
        "pipelines have read everything",
        "yes",
        status.Drained ? "yes" : "no",
        [.. status.Behind.Select(group => $"{group.Key} is {Numbers.Text(group.Value)} records behind")],
        status.Behind.Count);

    private static Check SetAside(IReadOnlyDictionary<string, long> deadLetters) => new(
        "records set aside as unprocessable",
        "0",
        Numbers.Text(deadLetters.Values.Sum()),
        [.. deadLetters.Select(topic => $"{topic.Key}: {Numbers.Text(topic.Value)}")],
        deadLetters.Values.Sum());
}
