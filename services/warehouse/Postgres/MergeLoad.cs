using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>
/// profile_redirects, and every key that follows it. Runs under the lock of <see cref="PostgresWarehouse"/>: a fact that another
/// instance loads at the same time either sees the redirect or is seen here.
/// </summary>
internal static partial class MergeLoad
{
    /// <summary>Chains halve with each step, so this is beyond any chain that could be stored.</summary>
    private const int StepsMax = 64;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Merges.Count > 0)
            load.Customers.UnionWith(await RedirectAsync(load, rows.Merges.Values, cancellationToken));
        var lost = await load.QueryAsync(
            Lost, reader => (Loser: reader.GetString(0), Resolved: reader.GetString(1)), cancellationToken, Parameter.Of(load.Customers.ToArray()));
        if (lost.Count == 0)
            return;
        var losers = lost.Select(redirect => redirect.Loser).ToArray();
        var days = await load.QueryAsync(
            MoveOrders, reader => (reader.GetString(0), reader.GetInt32(1)), cancellationToken, Parameter.Of(losers), load.Now);
        load.Days.UnionWith(days);
        await load.ExecuteAsync(MoveRefunds, cancellationToken, Parameter.Of(losers), load.Now);
        await load.ExecuteAsync(MoveIdentities, cancellationToken, Parameter.Of(losers));
        await load.ExecuteAsync(DeleteIdentities, cancellationToken, Parameter.Of(losers));
        await load.ExecuteAsync(DeleteCustomers, cancellationToken, Parameter.Of(losers));
        load.Customers.ExceptWith(losers);
        load.Customers.UnionWith(lost.Select(redirect => redirect.Resolved));
    }

    /// <summary>Stores the redirects and follows every chain that they lengthen to its end.</summary>
    private static async Task<IReadOnlyList<string>> RedirectAsync(
        LoadTransaction load, IReadOnlyCollection<MergeStatement> merges, CancellationToken cancellationToken)
    {
        await load.ExecuteAsync(
            Upsert, cancellationToken,
            merges.Column(merge => merge.Record.Loser), merges.Column(merge => merge.Record.Winner), merges.Column(merge => merge.Record.Version),
            merges.Times(merge => merge.Record.MergedAt), load.Now);
        var changed = await load.QueryAsync(
            Lengthened, reader => reader.GetString(0), cancellationToken, merges.Column(merge => merge.Record.Loser));
        var keys = changed.ToArray();
        for (var step = 0; await load.ExecuteAsync(Follow, cancellationToken, Parameter.Of(keys)) > 0; step++)
        {
            if (step == StepsMax)
                throw new ContractException("merges form a circle");
        }

        load.Tables.Add("profile_redirects");
        return changed;
    }
}
