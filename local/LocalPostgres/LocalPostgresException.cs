namespace Commerce.Streaming.LocalPostgres;

/// <summary>PostgreSQL cannot be had or started; the message says what to do.</summary>
public sealed class LocalPostgresException(string message) : Exception(message);
