namespace Commerce.Streaming.Ingest.Http;

/// <summary>Reason codes of requests that are refused as a whole.</summary>
internal static class BodyReasons
{
    public const string MissingWriteKey = "missing_write_key";
    public const string UnknownWriteKey = "unknown_write_key";
    public const string SourceDisabled = "source_disabled";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string UnsupportedEncoding = "unsupported_encoding";
    public const string BodyTooLarge = "body_too_large";
    public const string BadRequest = "bad_request";
    public const string MalformedGzip = "malformed_gzip";
    public const string MissingBatch = "missing_batch";
    public const string EmptyBatch = "empty_batch";
    public const string TooManyEvents = "too_many_events";
    public const string Overloaded = "overloaded";
    public const string KafkaUnavailable = "kafka_unavailable";
    public const string Starting = "starting";
}
