using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commerce.Consent;

namespace Commerce.Streaming.Consent.Domain;

/// <summary>Pure: (decision that holds, request) → decision that holds from now on.</summary>
internal static class Deciding
{
    private const int IdBytes = 16;

    /// <summary>
    /// The current decision when it was made later than the request or is the request, sent again; else a new one. Purposes that the
    /// request leaves out keep their current answer; what was never answered is not allowed. Of two requests of one time the one that
    /// comes later in the log holds.
    /// </summary>
    public static ConsentDecided Decide(ConsentDecided? current, ConsentRequested request)
    {
        if (current is not null && (current.DecidedAt > request.DecidedAt || current.DecisionId == request.DecisionId))
            return current with { RequestId = request.RequestId };
        var consent = new ConsentState
        {
            Analytics = request.Analytics ?? current?.Consent.Analytics ?? false,
            Advertising = request.Advertising ?? current?.Consent.Advertising ?? false,
            Personalization = request.Personalization ?? current?.Consent.Personalization ?? false,
            Basis = ConsentBasis.DECISION,
        };
        return new ConsentDecided
        {
            DecisionId = request.DecisionId ?? IdOf(request.Subject, request.DecidedAt, consent),
            Tenant = request.Tenant,
            Subject = request.Subject,
            Consent = consent,
            Origin = request.Origin,
            Jurisdiction = request.Jurisdiction,
            DecidedAt = request.DecidedAt,
            RequestId = request.RequestId,
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
