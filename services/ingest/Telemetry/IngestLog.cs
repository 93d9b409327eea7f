namespace Commerce.Streaming.Ingest;

/// <summary>Log lines of the service: counts and reasons, never payloads, keys or ids.</summary>
internal static partial class IngestLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Kafka: {Reason}")]
    public static partial void KafkaError(ILogger logger, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Kafka client: {Text}")]
    public static partial void KafkaClient(ILogger logger, string text);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Kafka did not acknowledge a request of {Events} events; answered 503")]
    public static partial void NotAcknowledged(ILogger logger, int events);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "The schema registry could not be asked; answered 503")]
    public static partial void RegistryAway(ILogger logger, Exception failure);
}
