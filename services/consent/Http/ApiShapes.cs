using System.ComponentModel;
using Commerce.Consent;

namespace Commerce.Streaming.Consent.Http;

/// <summary>What a person decided.</summary>
internal sealed record DecisionBody(
    [property: Description("Whose decision it is; several identifiers of one person may be given")] SubjectBody Subject,
    [property: Description("analytics, advertising, personalization; those left out keep their current answer")] Dictionary<string, bool> Purposes,
    [property: Description("Where it was given: banner, preference-centre, gpc, support, …")] string? Source = null,
    [property: Description("Jurisdiction whose rules applied, such as EU or US-CA")] string? Jurisdiction = null,
    [property: Description("ISO 8601; now when left out. A decision made later than this one stays")] DateTimeOffset? DecidedAt = null,
    [property: Description("Your id of the decision; derived when left out")] string? DecisionId = null,
    string? Tenant = null);

/// <summary>A person, by one identifier or several.</summary>
internal sealed record SubjectBody(
    [property: Description("The shop's own user id; needs the platform")] string? UserId = null,
    string? Platform = null,
    string? AnonymousId = null,
    [property: Description("Kept as a pseudonym only")] string? Email = null);

/// <summary>The decisions that hold now for the subject's identifiers.</summary>
internal sealed record DecisionAnswer(
    bool Success,
    [property: Description("recorded, or superseded when a decision made later holds already")] string Status,
    IReadOnlyList<DecisionView> Decisions);

/// <summary>What is known of a subject.</summary>
internal sealed record SubjectAnswer(bool Success, string Subject, DecisionView Current, [property: Description("Oldest first, the current one included")] IReadOnlyList<DecisionView> History);

/// <summary>A request that was not carried out.</summary>
internal sealed record RefusalAnswer(bool Success, string Reason, string Detail);

/// <summary>One decision.</summary>
internal sealed record DecisionView(
    string DecisionId, string Subject, PurposesView Purposes, string Source, string? Jurisdiction, DateTimeOffset DecidedAt)
{
    public static DecisionView Of(ConsentDecided decision) => new(
        decision.DecisionId, decision.Subject,
        new PurposesView(decision.Consent.Analytics, decision.Consent.Advertising, decision.Consent.Personalization),
        decision.Origin, decision.Jurisdiction, decision.DecidedAt);
}

internal sealed record PurposesView(bool Analytics, bool Advertising, bool Personalization);
