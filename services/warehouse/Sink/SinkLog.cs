namespace Commerce.Streaming.Warehouse.Sink;

internal static partial class SinkLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Assigned {Partitions} partitions; positions are from the warehouse")]
    public static partial void Assigned(ILogger logger, int partitions);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Loading failed (attempt {Attempt}); trying again")]
    public static partial void WillRetry(ILogger logger, int attempt, Exception failure);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "Dead letter: {Topic}/{Partition}/{Offset} is refused by the warehouse: {Error}")]
    public static partial void Refused(ILogger logger, string topic, int partition, long offset, string error);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Dead letter: {Topic}/{Partition}/{Offset} cannot be read: {Error}")]
    public static partial void Unreadable(ILogger logger, string topic, int partition, long offset, string error);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "Another instance has taken over partitions; {Records} records dropped, reading positions anew")]
    public static partial void Fenced(ILogger logger, int records);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "Kafka: {Reason} (fatal: {Fatal}; before it {LeftOut} like it, not written)")]
    public static partial void KafkaError(ILogger logger, string reason, bool fatal, long leftOut);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "The schema registry does not answer; waiting")]
    public static partial void RegistryAway(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "The client no longer fetches {Topic}/{Partition}, though Kafka has more of it; building it anew")]
    public static partial void Stalled(ILogger logger, string topic, int partition);
}
