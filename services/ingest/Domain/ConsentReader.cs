using System.Text.Json;
using Commerce.Consent;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Finds the current consent decision of a subject.</summary>
internal interface IConsentLookup
{
    Decision? Find(string tenant, string identifier);
}

/// <summary>What a subject decided, and when.</summary>
internal readonly record struct Decision(Purposes Purposes, DateTimeOffset DecidedAt)
{
    /// <summary>
    /// Which of two decisions of one person holds: the one made later. Of two made at the same time each purpose holds that both
    /// allow: a withdrawal beats a grant.
    /// </summary>
    public Decision Or(in Decision other) =>
        DecidedAt > other.DecidedAt ? this
        : DecidedAt < other.DecidedAt ? other
        : new Decision(
            new Purposes(
                Purposes.Analytics && other.Purposes.Analytics,
                Purposes.Advertising && other.Purposes.Advertising,
                Purposes.Personalization && other.Purposes.Personalization),
            DecidedAt);
}

/// <summary>
/// The consent an event is captured under: what the event itself says, else the newest decision of the person's identifiers, else
/// the source's default. A purpose that the event leaves out falls through to the next; "not stated" is not "denied".
/// </summary>
internal static class ConsentReader
{
    public static Fault? Read(
        in Envelope envelope, in Person person, SourceProfile source, IConsentLookup lookup, out ConsentState consent)
    {
        var stated = envelope.Context.Member("consent"u8).Member("categoryPreferences"u8);
        var (analytics, advertising, personalization) =
            (stated.Member("analytics"u8), stated.Member("advertising"u8), stated.Member("personalization"u8));
        if (!IsAnswer(analytics) || !IsAnswer(advertising) || !IsAnswer(personalization))
        {
            consent = null!;
            return new Fault(Reasons.InvalidConsent, "context.consent.categoryPreferences holds something other than true and false");
        }

        var decided = Newest(person, source, lookup)?.Purposes;
        var otherwise = decided ?? source.ConsentDefault;
        var isStated = !analytics.IsAbsent() || !advertising.IsAbsent() || !personalization.IsAbsent();
        consent = new ConsentState
        {
            Analytics = analytics.Flag() ?? otherwise.Analytics,
            Advertising = advertising.Flag() ?? otherwise.Advertising,
            Personalization = personalization.Flag() ?? otherwise.Personalization,
            Basis = isStated ? ConsentBasis.EVENT : decided is null ? ConsentBasis.SOURCE_DEFAULT : ConsentBasis.DECISION,
        };
        return null;
    }

    // A person may have agreed as a guest and withdrawn after signing in, or the other way round: when it was said counts, not as whom.
    private static Decision? Newest(in Person person, SourceProfile source, IConsentLookup lookup)
    {
        Decision? newest = null;
        foreach (var identifier in person.Identifiers(source.Source.Platform))
        {
            if (lookup.Find(source.Source.Tenant, identifier) is { } decision)
                newest = newest is { } known ? known.Or(decision) : decision;
        }

        return newest;
    }

    private static bool IsAnswer(JsonElement json) => json.IsAbsent() || json.Flag() is not null;
}
