using NodaTime;
using NodaTime.TimeZones;

namespace Commerce.Streaming.ShopEvents;

/// <summary>The shop's wall clock. A time skipped in spring is moved forward, one that occurs twice in autumn is the first.</summary>
public sealed class ShopClock(string zone)
{
    private static readonly ZoneLocalMappingResolver Resolver =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)
        ?? throw new ArgumentException($"'{zone}' is not an IANA time zone.", nameof(zone));

    public Instant ToUtc(LocalDateTime time) => _zone.ResolveLocal(time, Resolver).ToInstant();
}
