using System.Text.Json;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Who did it, free of addresses and numbers in the clear.</summary>
internal readonly record struct Person(string? UserId, string? AnonymousId, string? EmailPseudonym, string? PreviousId)
{
    public bool IsUnknown => UserId is null && AnonymousId is null && EmailPseudonym is null;

    public IEnumerable<string> Identifiers(string platform) => Identifier.InOrder(platform, UserId, EmailPseudonym, AnonymousId);

    public static Fault? Read(in Envelope envelope, Pseudonymizer pseudonymizer, out Person person)
    {
        person = default;
        string? userEmail = null;
        if (ReadId(envelope.UserId, "userId", pseudonymizer, ref userEmail, out var userId) is { } userFault)
            return userFault;
        if (ReadId(envelope.AnonymousId, "anonymousId", pseudonymizer, ref userEmail, out var anonymousId) is { } anonymousFault)
            return anonymousFault;
        string? formerEmail = null;
        if (ReadId(envelope.PreviousId, "previousId", pseudonymizer, ref formerEmail, out var previousId) is { } previousFault)
            return previousFault;
        person = new Person(userId, anonymousId, EmailOf(envelope, pseudonymizer) ?? userEmail, previousId);
        return null;
    }

    /// <summary>An id that is an address or a phone number is replaced by its pseudonym: many shops use them as user ids.</summary>
    private static Fault? ReadId(JsonElement json, string field, Pseudonymizer pseudonymizer, ref string? email, out string? id)
    {
        id = json.Scalar();
        if (id is null)
            return json.IsAbsent() || json.ValueKind == JsonValueKind.String ? null : new Fault(Reasons.InvalidId, $"{field} is neither text nor a number");
        if (!Text.IsId(id))
            return new Fault(Reasons.InvalidId, $"{field} is longer than {Text.IdLengthMax} characters or has control characters");
        var kept = pseudonymizer.Id(id);
        if (kept != id && kept.StartsWith(Pseudonymizer.EmailPrefix, StringComparison.Ordinal))
            email = kept;
        id = kept;
        return null;
    }

    private static string? EmailOf(in Envelope envelope, Pseudonymizer pseudonymizer)
    {
        var address = AddressIn(envelope.Traits) ?? AddressIn(envelope.Context.Member("traits"u8)) ?? AddressIn(envelope.Properties);
        return address is null ? null : pseudonymizer.Email(address);
    }

    private static string? AddressIn(JsonElement json) =>
        json.Member("email"u8).Scalar() is { } text && PersonalData.LooksLikeEmail(text) ? text : null;
}
