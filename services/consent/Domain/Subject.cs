using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Consent.Domain;

/// <summary>Whose consent it is: one identifier or several of one person, strongest first.</summary>
internal static class Subject
{
    private const int IdLengthMax = 200;

    /// <param name="identifiers">The identifier strings under which decisions are kept.</param>
    public static Refusal? Read(
        string? userId, string? anonymousId, string? email, string? platform, Pseudonymizer pseudonymizer, out IReadOnlyList<string> identifiers)
    {
        identifiers = [];
        if (userId is null && anonymousId is null && email is null)
            return new Refusal(Reasons.MissingSubject, "name the subject by userId (with platform), anonymousId or email");
        if (userId is not null && platform is null)
            return new Refusal(Reasons.MissingPlatform, "a userId needs the platform that it belongs to");
        if (!IsId(userId) || !IsId(anonymousId) || !IsId(platform))
            return new Refusal(Reasons.InvalidSubject, $"an id is empty, longer than {IdLengthMax} characters or has control characters");
        if (platform is not null && !Identifier.IsName(platform))
            return new Refusal(Reasons.InvalidSubject, "platform has characters other than letters, digits, - and _");
        if (email is not null && !PersonalData.LooksLikeEmail(email))
            return new Refusal(Reasons.InvalidEmail, "email is not an e-mail address");

        identifiers =
        [
            .. Identifier.InOrder(
                platform ?? "",
                userId is null ? null : pseudonymizer.Id(userId),
                email is null ? null : pseudonymizer.Email(email),
                anonymousId is null ? null : pseudonymizer.Id(anonymousId)),
        ];
        return null;
    }

    private static bool IsId(string? text) =>
        text is null || (text.Length is > 0 and <= IdLengthMax && !text.AsSpan().ContainsAnyInRange('\0', '\u001f'));
}
