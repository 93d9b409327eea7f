using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Orders;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>What follows from one event: everything is keyed by something else than the event was, so everything is sent on.</summary>
/// <param name="Event">The event with its profile.</param>
/// <param name="Evidence">Identifiers seen together for the first time; null when nothing is new.</param>
/// <param name="Links">New state of the identity key; null when unchanged.</param>
public sealed record Resolved(ResolvedEvent Event, LinkEvidence? Evidence, KeyLinks? Links)
{
    public OrderCompleted? Completed { get; init; }

    public OrderRefunded? Refunded { get; init; }
}

/// <summary>Which profile an event belongs to, from what is known of its identity key. Nothing waits for a better answer: later merges are repaired downstream.</summary>
public static class Resolution
{
    /// <summary>Reported identifiers remembered per identity key; the oldest one is forgotten first, which costs a repeated report and nothing else.</summary>
    public const int MaxReported = 64;

    private static readonly KeyLinks Unknown = new() { Version = 0, Reported = [] };

    /// <param name="identifiers">Of the event, highest kind first; not empty.</param>
    /// <param name="links">What is known of the first of them; null for nothing.</param>
    /// <param name="now">Processing time.</param>
    public static Resolved Resolve(CollectedEvent collected, IReadOnlyList<string> identifiers, KeyLinks? links, IdentityLimits limits, DateTimeOffset now)
    {
        var known = links ?? Unknown;
        var profile = known.ProfileId ?? ProfileIds.Of(collected.Source.Tenant, identifiers[0]);
        var again = known.ReportedAt is not { } reportedAt || now - reportedAt >= limits.ReportedAgainAfter;
        var reported = again ? [] : known.Reported;
        var fresh = identifiers.Skip(1).Where(identifier => !reported.Contains(identifier)).ToList();
        // A linked device without its owner is no evidence of anything but that it is in use.
        var inUse = again && known.ProfileId is not null && IdentifierRules.KindOf(identifiers[0]) == IdentifierKind.Anonymous;
        return new Resolved(
            new ResolvedEvent { ProfileId = profile, Event = collected },
            fresh.Count == 0 && !inUse ? null : Evidence(collected, identifiers),
            fresh.Count == 0 && !inUse
                ? null
                : known with { Reported = [.. reported.Concat(fresh).TakeLast(MaxReported)], ReportedAt = again ? now : known.ReportedAt })
        {
            Completed = collected.Order is { } order ? Completed(collected, order, profile) : null,
            Refunded = collected.Refund is { } refund ? Refunded(collected, refund, profile) : null,
        };
    }

    /// <summary>A consent decision as an event of the subject's profile.</summary>
    /// <param name="now">When it is passed on.</param>
    public static ResolvedEvent Consent(ConsentDecided decided, KeyLinks? links, DateTimeOffset now)
    {
        var kind = IdentifierRules.KindOf(decided.Subject);
        var value = IdentifierRules.ValueOf(decided.Subject);
        return new ResolvedEvent
        {
            ProfileId = links?.ProfileId ?? ProfileIds.Of(decided.Tenant, decided.Subject),
            Event = new CollectedEvent
            {
                MessageId = decided.DecisionId,
                Kind = EventKind.CONSENT,
                Source = new Source { Id = "consent", Platform = IdentifierRules.PlatformOf(decided.Subject) ?? "", Tenant = decided.Tenant, TimeZone = "Etc/UTC" },
                UserId = kind == IdentifierKind.User ? value : null,
                EmailPseudonym = kind == IdentifierKind.Email ? value : null,
                AnonymousId = kind == IdentifierKind.Anonymous ? value : null,
                Timestamp = decided.DecidedAt,
                ReceivedAt = now,
                Consent = decided.Consent,
            },
        };
    }

    /// <summary>State after a decision about who is who; null when an equal or newer one is known.</summary>
    public static KeyLinks? Assign(KeyLinks? links, IdentifierAssigned assigned, DateTimeOffset now) =>
        assigned.Version <= (links?.Version ?? 0) ? null : (links ?? Unknown with { ReportedAt = now }) with { ProfileId = assigned.ProfileId, Version = assigned.Version };

    private static LinkEvidence Evidence(CollectedEvent collected, IReadOnlyList<string> identifiers) => new()
    {
        Tenant = collected.Source.Tenant,
        Identifiers = [.. identifiers],
        MessageId = collected.MessageId,
        ObservedAt = collected.Timestamp,
    };

    private static OrderCompleted Completed(CollectedEvent collected, Order order, string profile) => new()
    {
        ProfileId = profile,
        UserId = collected.UserId,
        Source = collected.Source,
        MessageId = collected.MessageId,
        Timestamp = collected.Timestamp,
        ReceivedAt = collected.ReceivedAt,
        Consent = collected.Consent,
        Order = order,
    };

    private static OrderRefunded Refunded(CollectedEvent collected, Refund refund, string profile) => new()
    {
        ProfileId = profile,
        UserId = collected.UserId,
        Source = collected.Source,
        MessageId = collected.MessageId,
        Timestamp = collected.Timestamp,
        ReceivedAt = collected.ReceivedAt,
        Consent = collected.Consent,
        Refund = refund,
    };
}
