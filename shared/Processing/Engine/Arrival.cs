using Commerce.Processing;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>A record on its way in: what can be said of it before its handler runs.</summary>
/// <param name="Raw">As it came.</param>
/// <param name="Timestamp">The record's own time; a retry's is that of its letter's record.</param>
/// <param name="Key">Null when it is none.</param>
/// <param name="Retry">Set for a retry.</param>
/// <param name="Fault">Why it cannot be processed at all.</param>
internal readonly record struct Arrival(InputRecord Raw, DateTimeOffset Timestamp, string? Key, Retry? Retry, PoisonException? Fault);
