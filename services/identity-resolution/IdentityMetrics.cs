using System.Diagnostics.Metrics;
using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>Counted where it happens: a transaction that is aborted and repeated counts twice. Labels come from configuration and code only.</summary>
public static class IdentityMetrics
{
    public const string MeterName = "Commerce.Streaming.IdentityResolution";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Counter<long> Resolved = Meter.CreateCounter<long>("commerce.identity.events.resolved", "{event}", "Events that got their profile.");

    public static readonly Counter<long> Deduplicated = Meter.CreateCounter<long>("commerce.identity.events.deduplicated", "{event}", "Repeated messages dropped.");

    public static readonly Counter<long> Evidence = Meter.CreateCounter<long>("commerce.identity.evidence.sent", "{evidence}", "New links sent to the decide pipeline.");

    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("commerce.identity.evidence.refused", "{link}", "Links refused, by reason.");

    public static readonly Counter<long> Merged = Meter.CreateCounter<long>("commerce.identity.profiles.merged", "{profile}", "Profiles that ceased to be.");

    public static readonly Counter<long> Forgotten = Meter.CreateCounter<long>("commerce.identity.identifiers.forgotten", "{identifier}", "Anonymous ids that were not seen for long.");

    public static KeyValuePair<string, object?> Source(string sourceId) => new("commerce.source", sourceId);

    public static KeyValuePair<string, object?> Reason(Refusal refusal) => new("commerce.reason", refusal switch
    {
        Refusal.UserConflict => "user_conflict",
        Refusal.Limit => "limit",
        _ => "other",
    });
}
