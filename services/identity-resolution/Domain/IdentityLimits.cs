namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>Identifiers that one profile may hold: what grows beyond is not a person but a shared device or a default value.</summary>
/// <param name="UserIds">Over all platforms; within one platform it is always one.</param>
/// <param name="Emails">E-mail pseudonyms.</param>
/// <param name="AnonymousIds">Devices and browsers.</param>
/// <param name="AnonymousIdsKeptDays">Days after which a device that was not seen is forgotten.</param>
public sealed record IdentityLimits(int UserIds = 20, int Emails = 20, int AnonymousIds = 200, int AnonymousIdsKeptDays = 430)
{
    /// <summary>How long after it was last seen an anonymous id is forgotten. User ids and e-mail addresses never are.</summary>
    public TimeSpan AnonymousIdsKept => TimeSpan.FromDays(AnonymousIdsKeptDays);

    /// <summary>What was reported is reported again after this long, when it is seen: that is how the graph knows that it is in use.</summary>
    public TimeSpan ReportedAgainAfter => AnonymousIdsKept / 4;

    public int Of(IdentifierKind kind) => kind switch
    {
        IdentifierKind.User => UserIds,
        IdentifierKind.Email => Emails,
        IdentifierKind.Anonymous => AnonymousIds,
        _ => 0,
    };
}

/// <summary>Why evidence was refused; the value is also the label of the metric.</summary>
public enum Refusal
{
    /// <summary>Two user ids of one platform: two customers who share a device or an e-mail address.</summary>
    UserConflict,

    /// <summary>The merged profile would hold more identifiers of a kind than a profile may.</summary>
    Limit,
}
