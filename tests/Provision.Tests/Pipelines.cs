using Commerce.Streaming.Attribution;
using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Consent;
using Commerce.Streaming.IdentityResolution;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.InventorySync;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.Provision.Tests;

/// <summary>Every topology of the platform.</summary>
internal static class Pipelines
{
    public static Topology Resolve => IdentityTopologies.BuildResolve(new ResolveHandlers(BlockedValues.Default, DeduplicationLimits.Default, new IdentityLimits()));

    public static Topology Claims => InventoryTopologies.BuildClaims(new ClaimHandlers(TimeSpan.FromDays(90)));

    public static Topology Ledger => InventoryTopologies.BuildLedger(new LedgerHandlers(TimeSpan.FromDays(30), ReservationRules.Default));

    public static Topology Reservations => InventoryTopologies.BuildReservations(new StatusHandlers(ReservationRules.Default));

    public static Topology Credit =>
        AttributionTopology.Build(new AttributionHandlers(ChannelRulesFile.Load(), new CreditRules()), new Forgetting(new CreditRules()));

    public static Topology Consent => ConsentTopology.Build(new Sealing(bytes => bytes.ToArray(), bytes => bytes.ToArray()));

    public static IReadOnlyList<Topology> All =>
    [
        Resolve, IdentityTopologies.BuildDecide(new DecideHandlers(new IdentityLimits(), BlockedValues.Default, NullLogger<DecideHandlers>.Instance)),
        Claims, Ledger, Reservations, Credit, Consent,
    ];
}
