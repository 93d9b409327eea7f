namespace Commerce.Streaming.Consent;

/// <summary>Log lines of the service: never a subject, never what was decided.</summary>
internal static partial class ConsentLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Kafka: {Reason}")]
    public static partial void KafkaError(ILogger logger, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Kafka client: {Text}")]
    public static partial void KafkaClient(ILogger logger, string text);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "A decision was not recorded in time: {Reason} ({Error}); answered 503")]
    public static partial void NotDecided(ILogger logger, string reason, string error);
}
