using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Identity;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What an event adds to its profile, in the same form as everything else that reaches a profile.</summary>
public static class Arrivals
{
    /// <summary>Null for an event that attribution does not care for. Orders and refunds come by their own topics.</summary>
    public static StateHandover? Of(ResolvedEvent resolved, ChannelRules rules)
    {
        if (resolved.Event.Kind == EventKind.CONSENT)
            return new StateHandover
            {
                To = resolved.ProfileId,
                Touches = [],
                Orders = [],
                AnalyticsWithdrawn = !resolved.Event.Consent.Analytics,
                ConsentDecidedAt = resolved.Event.Timestamp,
                Cause = Causes.Consent,
            };
        return Touches.Of(resolved.Event, rules) is { } touch
            ? new StateHandover { To = resolved.ProfileId, Touches = [touch], Orders = [], Cause = Causes.LateTouch }
            : null;
    }
}
