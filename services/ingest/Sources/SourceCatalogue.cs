using System.Collections.Frozen;
using Commerce.Collection;
using Commerce.Streaming.Ingest.Domain;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Ingest.Sources;

/// <summary>Finds the source of a write key.</summary>
internal sealed class SourceCatalogue(IOptions<SourcesOptions> options)
{
    private readonly FrozenDictionary<string, SourceProfile> _byWriteKey =
        options.Value.ToFrozenDictionary(entry => entry.Key, entry => ProfileOf(entry.Value), StringComparer.Ordinal);

    public SourceProfile? Find(string? writeKey) => writeKey is null ? null : _byWriteKey.GetValueOrDefault(writeKey);

    private static SourceProfile ProfileOf(SourceOptions source) => new(
        new Source { Id = source.Id, Platform = source.Platform, Tenant = source.Tenant, TimeZone = source.TimeZone },
        source.Currency,
        new Purposes(source.ConsentDefault.Analytics, source.ConsentDefault.Advertising, source.ConsentDefault.Personalization),
        source.TrackingPlan.ToFrozenSet(StringComparer.Ordinal),
        source.Enabled);
}
