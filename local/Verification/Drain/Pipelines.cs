using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Verification.Drain;

/// <summary>Which consumer groups must have read which topics before the tables are complete.</summary>
public static class Pipelines
{
    /// <summary>Keeps its offsets in Postgres.</summary>
    public const string Warehouse = "commerce.warehouse.sink";

    public static IReadOnlyDictionary<string, IReadOnlyList<Topic>> Inputs { get; } = new Dictionary<string, IReadOnlyList<Topic>>
    {
        ["commerce.identity-resolution.resolve"] = [Topics.CollectionEvents],
        ["commerce.identity-resolution.decide"] = [Topics.IdentityEvidence],
        ["commerce.attribution.credit"] = [Topics.IdentityResolvedEvents, Topics.IdentityProfileMerges, Topics.AttributionHandovers],
        ["commerce.inventory-sync.claims"] = [Topics.OrdersCompleted, Topics.OrdersRefunded],
        ["commerce.inventory-sync.ledger"] = [Topics.InventoryStockCommands],
        [Warehouse] =
        [
            Topics.OrdersCompleted, Topics.OrdersRefunded, Topics.IdentityResolvedEvents, Topics.IdentityProfileMerges,
            Topics.AttributionCredits, Topics.InventoryStockMovements, Topics.InventoryStockAvailability, Topics.CollectionQuarantine,
        ],
    };
}
