using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Sources;

/// <summary>The section Sources: one entry for each write key. Configuration does not tell capitals from small letters: keys differ by more.</summary>
public sealed class SourcesOptions : Dictionary<string, SourceOptions>, IValidatableObject
{
    public const string Section = "Sources";

    public SourcesOptions() : base(StringComparer.Ordinal)
    {
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Count == 0
        ? [new ValidationResult(
            "Sources is empty, so no sender has a write key: set Sources__<write key>__Id, __Platform, __TimeZone and __Currency, "
            + "or Ingest__SourcesFile to a JSON file of them")]
        : Faults();

    private IEnumerable<ValidationResult> Faults() =>
        this.SelectMany(entry => entry.Value.Faults().Select(fault => new ValidationResult($"Sources:{entry.Key}: {fault}")))
            .Concat(SharedPlatforms().Select(platform => new ValidationResult(
                $"Sources: platform {platform} is named by two tenants; its orders and products would become one another's")));

    // Orders, products and stock are keyed by platform.
    private IEnumerable<string> SharedPlatforms() =>
        Values.GroupBy(source => source.Platform).Where(group => group.DistinctBy(source => source.Tenant).Skip(1).Any()).Select(group => group.Key);
}

/// <summary>What stands behind a write key.</summary>
public sealed class SourceOptions
{
    /// <summary>Source id; message ids are unique within it.</summary>
    public string Id { get; init; } = "";

    /// <summary>Platform whose order, product and user ids it sends.</summary>
    public string Platform { get; init; } = "";

    public string Tenant { get; init; } = "default";

    /// <summary>IANA zone of the shop.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>ISO 4217 code of amounts that name none.</summary>
    public string Currency { get; init; } = "";

    /// <summary>What is allowed while neither the event nor the person says anything. Nothing, unless it is configured.</summary>
    public ConsentDefault ConsentDefault { get; init; } = new();

    /// <summary>Names of track events that this source may send; empty for all.</summary>
    public IReadOnlyList<string> TrackingPlan { get; init; } = [];

    /// <summary>False turns the write key off without forgetting it.</summary>
    public bool Enabled { get; init; } = true;

    internal IEnumerable<string> Faults()
    {
        if (!Identifier.IsName(Id))
            yield return "Id is missing or has characters other than letters, digits, - and _";
        if (!Identifier.IsName(Platform))
            yield return "Platform is missing or has characters other than letters, digits, - and _";
        if (!Identifier.IsName(Tenant))
            yield return "Tenant is missing or has characters other than letters, digits, - and _";
        // Windows' names are found as well, but nobody downstream knows them.
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) || !zone.HasIanaId)
            yield return "TimeZone is not an IANA time zone such as Europe/Berlin";
        if (!Currencies.IsKnown(Currency))
            yield return "Currency is not an ISO 4217 code such as EUR";
    }
}

/// <summary>Purposes that are allowed by default.</summary>
public sealed class ConsentDefault
{
    public bool Analytics { get; init; }

    public bool Advertising { get; init; }

    public bool Personalization { get; init; }
}
