using System.Collections.Frozen;
using Commerce.Collection;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>What the rules need to know about the sender.</summary>
/// <param name="TrackingPlan">Allowed names of track events; empty for all.</param>
internal sealed record SourceProfile(
    Source Source, string Currency, Purposes ConsentDefault, FrozenSet<string> TrackingPlan, bool Enabled);

/// <summary>The three purposes a person can agree to.</summary>
internal readonly record struct Purposes(bool Analytics, bool Advertising, bool Personalization);
