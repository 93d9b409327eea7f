using System.Text.Json;
using Commerce.Consent;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Finds the current consent decision of a subject.</summary>
internal interface IConsentLookup
{
    Purposes? Find(string tenant, string identifier);
}

/// <summary>
/// The consent an event is captured under: what the event itself says, else the person's current decision, else the source's
/// default. A purpose that the event leaves out falls through to the next; "not stated" is not "denied".
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

        var decided = Decision(person, source, lookup);
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

    private static Purposes? Decision(in Person person, SourceProfile source, IConsentLookup lookup)
    {
        foreach (var identifier in person.Identifiers(source.Source.Platform))
        {
            if (lookup.Find(source.Source.Tenant, identifier) is { } decision)
                return decision;
        }

        return null;
    }

    private static bool IsAnswer(JsonElement json) => json.IsAbsent() || json.Flag() is not null;
}
