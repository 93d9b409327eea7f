using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.CompactedTopics;

internal static partial class CompactedTopicLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Topic} is read to its end")]
    public static partial void CaughtUp(ILogger logger, string topic);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Topic}: {Reason}")]
    public static partial void ConsumeFailed(ILogger logger, string topic, string reason);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "{Topic}/{Partition}@{Offset} cannot be read ({Error}) and is skipped")]
    public static partial void Unreadable(ILogger logger, string topic, int partition, long offset, string error);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "The schema registry does not answer: {Reason}")]
    public static partial void RegistryAway(ILogger logger, string reason);

    [LoggerMessage(EventId = 5, Level = LogLevel.Debug, Message = "Kafka client: {Text}")]
    public static partial void Client(ILogger logger, string text);
}
