using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Npgsql;

namespace Commerce.Streaming.Verification.Drain;

/// <summary>
/// A freshly started broker answers before its leaders and coordinators are ready, and a database that restarts drops who is connected: both
/// are asked again, a limited number of times.
/// </summary>
internal static class Patience
{
    private const int AttemptsMax = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="KafkaException">The last attempt failed, or one for a reason that does not pass.</exception>
    /// <exception cref="NpgsqlException">The same.</exception>
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
            catch (NpgsqlException away) when (attempt < AttemptsMax && MayPass(away))
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Whether the server is shutting down, starting or out of reach.</summary>
    internal static bool MayPass(NpgsqlException failure) =>
        failure.IsTransient || failure.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

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
