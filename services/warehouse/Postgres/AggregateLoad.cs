using System.Diagnostics;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>
/// agg_daily_summary and agg_weekly_trends, recomputed from fact_orders for the affected days and their weeks. A day with many orders
/// takes long, so recomputing has a bounded share of the time: beyond it, days are noted as stale and follow later.
/// </summary>
internal sealed partial class AggregateLoad(double timeShare, TimeProvider clock)
{
    private long _notBefore = clock.GetTimestamp();

    /// <summary>Days may be stale: at the start, and after some were put off.</summary>
    public bool MayBeStale { get; private set; } = true;

    /// <summary>Time for another recomputation.</summary>
    public bool IsDue => clock.GetTimestamp() >= _notBefore;

    /// <summary>Recomputes the affected days, or notes them. Runs last of all that touches facts.</summary>
    public async Task LoadAsync(LoadTransaction load, CancellationToken cancellationToken)
    {
        if (load.Days.Count == 0 && !(MayBeStale && IsDue))
            return;
        if (IsDue)
            await RecomputeAsync(load, cancellationToken);
        else
            await PutOffAsync(load, cancellationToken);
    }

    private async Task PutOffAsync(LoadTransaction load, CancellationToken cancellationToken)
    {
        await load.ExecuteAsync(
            PutOff, cancellationToken, load.Days.Column(day => day.Platform), load.Days.Column(day => day.DateKey));
        MayBeStale = true;
    }

    private async Task RecomputeAsync(LoadTransaction load, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (MayBeStale)
            load.Days.UnionWith(await load.QueryAsync(TakeStale, reader => (reader.GetString(0), reader.GetInt32(1)), cancellationToken));
        // If the transaction fails, the days are taken again with the batch; stale ones are still noted.
        MayBeStale = false;
        if (load.Days.Count == 0)
            return;
        var platforms = load.Days.Select(day => day.Platform).ToArray();
        var days = load.Days.Select(day => day.DateKey).ToArray();
        await load.ExecuteAsync(Daily, cancellationToken, Parameter.Of(platforms), Parameter.Of(days), load.Now);
        await load.ExecuteAsync(Weekly, cancellationToken, Parameter.Of(platforms), Parameter.Of(days), load.Now);
        await load.ExecuteAsync(Previous, cancellationToken, Parameter.Of(platforms.Distinct().ToArray()), load.Now);
        load.Tables.UnionWith(["agg_daily_summary", "agg_weekly_trends"]);
        var took = clock.GetElapsedTime(started);
        _notBefore = clock.GetTimestamp() + (long)(took.TotalSeconds * ((1 / timeShare) - 1) * clock.TimestampFrequency);
    }

    /// <summary>Days may be noted that we do not know of: our transaction failed, or another instance has left them to us.</summary>
    public void SuspectStale() => MayBeStale = true;
}
