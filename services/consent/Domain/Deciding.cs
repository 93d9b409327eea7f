using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commerce.Consent;

namespace Commerce.Streaming.Consent.Domain;

/// <summary>Pure: (current decision, request) → new decision, or none when a later one holds already.</summary>
internal static class Deciding
{
    private const int IdBytes = 16;

    /// <summary>
    /// The decision that holds from now on; null when the current one was made later. Purposes that the request leaves out keep their
    /// current answer; what was never answered is not allowed.
    /// </summary>
    public static ConsentDecided? Decide(ConsentDecided? current, string subject, DecisionRequest request)
    {
        if (current is not null && current.DecidedAt > request.DecidedAt)
            return null;
        var consent = new ConsentState
        {
            Analytics = request.Analytics ?? current?.Consent.Analytics ?? false,
            Advertising = request.Advertising ?? current?.Consent.Advertising ?? false,
            Personalization = request.Personalization ?? current?.Consent.Personalization ?? false,
            Basis = ConsentBasis.DECISION,
        };
        return new ConsentDecided
        {
            DecisionId = request.DecisionId ?? IdOf(subject, request.DecidedAt, consent),
            Tenant = request.Tenant,
            Subject = subject,
            Consent = consent,
            Origin = request.Origin,
            Jurisdiction = request.Jurisdiction,
            DecidedAt = request.DecidedAt,
        };
    }

    // A function of what was decided: the same request sent twice is one decision.
    private static string IdOf(string subject, DateTimeOffset decidedAt, ConsentState consent)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{subject}\n{decidedAt.ToUnixTimeMilliseconds()}\n{consent.Analytics}{consent.Advertising}{consent.Personalization}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, IdBytes));
    }
}
