using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Commerce.Streaming.Ingest.Http;

// What the documentation shows. Requests are read straight from their bytes and answers written straight to them.

/// <summary>A call as senders write it.</summary>
internal sealed record Event(
    [property: Description("track, identify, page, screen, group or alias; only in a batch")] string? Type = null,
    [property: Description("Unique within the source; repeating it is safe")] string? MessageId = null,
    [property: Description("The shop's own user id")] string? UserId = null,
    [property: Description("Device or browser id")] string? AnonymousId = null,
    [property: Description("Name of a track event"), JsonPropertyName("event")] string? EventName = null,
    [property: Description("ISO 8601; when it happened")] DateTimeOffset? Timestamp = null,
    [property: Description("ISO 8601; when it was sent. Leave it out when your clock is right: then timestamp stays as it is")] DateTimeOffset? SentAt = null,
    [property: Description("What is known of the event; personal data is dropped")] Dictionary<string, object>? Properties = null,
    [property: Description("What is known of the person; 'email' becomes a pseudonym")] Dictionary<string, object>? Traits = null,
    [property: Description("page, campaign, consent.categoryPreferences")] Dictionary<string, object>? Context = null);

/// <summary>Several calls.</summary>
internal sealed record Batch(
    [property: Description("The calls"), JsonPropertyName("batch")] IReadOnlyList<Event> Calls,
    [property: Description("Write key, unless it is in the Authorization header")] string? WriteKey = null,
    [property: Description("ISO 8601; when the batch was sent")] DateTimeOffset? SentAt = null);

/// <summary>What became of each event.</summary>
internal sealed record Results(
    [property: Description("Whether every event was accepted")] bool Success,
    [property: Description("One for each event; with 'Prefer: return=minimal' only those that were not accepted"), JsonPropertyName("results")] IReadOnlyList<Result> PerEvent);

/// <summary>What became of one event.</summary>
internal sealed record Result(
    [property: Description("Position in the batch")] int Index,
    string MessageId,
    [property: Description("accepted, quarantined (kept for repair) or rejected (not kept)")] string Status,
    [property: Description("Reason code")] string? Reason,
    [property: Description("What is wrong and where")] string? Detail);

/// <summary>A request that was refused as a whole.</summary>
internal sealed record Refusal(bool Success, [property: Description("Reason code")] string Reason, [property: Description("What is wrong")] string Detail);
