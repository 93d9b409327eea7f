using System.Text.Json;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>What is the same for every event of a request.</summary>
/// <param name="Type">Type that the path names; null when each event names its own.</param>
/// <param name="BatchSentAt">The batch's sentAt.</param>
/// <param name="BatchContext">The batch's context, for events without one.</param>
internal readonly record struct EventContext(
    SourceProfile Source,
    DateTimeOffset ReceivedAt,
    string? Type,
    DateTimeOffset? BatchSentAt,
    JsonElement BatchContext);

/// <summary>What the rules work with, the same for every request.</summary>
internal sealed record EventRules(IngestOptions Options, Pseudonymizer Pseudonymizer, IConsentLookup Consent);
