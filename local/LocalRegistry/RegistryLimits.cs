namespace Commerce.Streaming.LocalRegistry;

/// <summary>What one caller can ask of the registry. A development registry holds tens of schemas; these bounds keep a mistake small.</summary>
internal static class RegistryLimits
{
    /// <summary>Bytes of a request; Confluent's own default for a schema is 1 MB.</summary>
    public const long MaxRequestBytes = 2 * 1024 * 1024;

    public const long MaxConnections = 1_000;

    /// <summary>Schemas that one schema may pull in, directly or through others.</summary>
    public const int MaxReferences = 1_000;

    /// <summary>Characters of an old schema quoted in a refusal, as in Confluent's.</summary>
    public const int MaxQuotedSchema = 10 * 1024;

    /// <summary>How long requests under way may take to end when the server stops.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);
}
