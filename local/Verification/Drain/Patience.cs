using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Verification.Drain;

/// <summary>A freshly started broker answers before its leaders and coordinators are ready: asked again, a limited number of times.</summary>
internal static class Patience
{
    private const int AttemptsMax = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="KafkaException">The last attempt failed, or one for a reason that does not pass.</exception>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (KafkaException notReady) when (attempt < AttemptsMax && MayPass(notReady))
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Whether every error in the answer, that of a partition like that of the whole, says "not yet".</summary>
    internal static bool MayPass(KafkaException failure)
    {
        IEnumerable<Error> errors = failure switch
        {
            TopicPartitionOffsetException each => each.Results.Select(result => result.Error).Where(error => error.IsError),
            ListOffsetsException each => each.Result.ResultInfos.Select(info => info.TopicPartitionOffsetError.Error).Where(error => error.IsError),
            _ => [failure.Error],
        };
        return errors.All(error => error.Code
            is ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup
            or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.UnknownTopicOrPart
            or ErrorCode.RequestTimedOut or ErrorCode.Local_WaitCoord or ErrorCode.Local_Transport or ErrorCode.Local_TimedOut);
    }
}
