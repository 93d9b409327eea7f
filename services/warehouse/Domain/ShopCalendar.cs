using System.Collections.Concurrent;
using NodaTime;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>Instants as the shop's own calendar dates. Its time zone data come with the service, not from the machine.</summary>
internal static class ShopCalendar
{
    private static readonly ConcurrentDictionary<string, DateTimeZone> Zones = new(StringComparer.Ordinal);

    /// <summary>The date as yyyymmdd.</summary>
    /// <param name="timeZone">IANA name.</param>
    /// <exception cref="ContractException">No such time zone.</exception>
    public static int DateKey(DateTimeOffset instant, string timeZone)
    {
        var date = Instant.FromDateTimeOffset(instant).InZone(ZoneOf(timeZone)).Date;
        return (date.Year * 10_000) + (date.Month * 100) + date.Day;
    }

    // Only names that exist are kept, so the cache is bounded by the time zone database.
    private static DateTimeZone ZoneOf(string timeZone)
    {
        if (Zones.TryGetValue(timeZone, out var known))
            return known;
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) ?? throw new ContractException("the source's time zone is unknown");
        Zones[timeZone] = zone;
        return zone;
    }
}
