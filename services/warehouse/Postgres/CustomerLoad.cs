using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>customer_identities, and dim_customer computed from it and the facts.</summary>
internal static partial class CustomerLoad
{
    public static async Task IdentifyAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Identities.Count == 0)
            return;
        await load.ExecuteAsync(
            Identify, cancellationToken,
            rows.Identities.Column(identity => identity.Key.ProfileId), rows.Identities.Column(identity => identity.Key.Platform),
            rows.Identities.Column(identity => identity.Key.UserId), rows.Identities.Times(identity => identity.Value), load.Now);
        load.Tables.Add("customer_identities");
    }

    /// <summary>Computes the rows of all affected customers from their facts. Runs last of all that touches facts.</summary>
    public static async Task RecomputeAsync(LoadTransaction load, CancellationToken cancellationToken)
    {
        if (load.Customers.Count == 0)
            return;
        var customers = load.Customers.ToArray();
        await load.ExecuteAsync(Recompute, cancellationToken, Parameter.Of(customers), load.Now);
        load.Tables.Add("dim_customer");
    }
}
