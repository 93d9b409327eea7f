using Confluent.Kafka;

namespace Commerce.Streaming.FetchWatch;

/// <summary>Asks Kafka again and again where the watched partitions end.</summary>
public static class FetchWatcher
{
    /// <summary>How long nothing of a partition may come that has more. Longer than a broker's restart or a leader's election takes.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(10);

    /// <summary>Runs until cancelled, which is no error.</summary>
    public static async Task RunAsync(FetchProgress progress, TopicEnds ends, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AskInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (progress.Watched is { Count: > 0 } watched)
                    await AskAsync(progress, ends, watched);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever started it has enough.
        }
    }

    private static async Task AskAsync(FetchProgress progress, TopicEnds ends, IReadOnlyList<TopicPartition> watched)
    {
        try
        {
            progress.Ends(await ends.AskAsync(watched));
        }
        catch (KafkaException)
        {
            progress.NoAnswer();
        }
    }
}
