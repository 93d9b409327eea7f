using Dapper;
using Npgsql;

namespace Commerce.Streaming.Verification.Warehouse;

/// <summary>Reads the warehouse as any analyst would, with the reporting role.</summary>
public sealed partial class WarehouseReader(NpgsqlDataSource database)
{
    private const int CommandTimeoutSeconds = 120;

    public Task<OrderTotals> OrdersAsync(string platform, CancellationToken cancellation) =>
        OneAsync<OrderTotals>(OrdersSql, platform, cancellation);

    public Task<RefundTotals> RefundsAsync(string platform, CancellationToken cancellation) =>
        OneAsync<RefundTotals>(RefundsSql, platform, cancellation);

    /// <summary>Revenue before refunds by the shop's own date.</summary>
    public async Task<Dictionary<DateOnly, decimal>> RevenueByDayAsync(string platform, CancellationToken cancellation) =>
        (await ManyAsync<(int DateKey, decimal Revenue)>(RevenueByDaySql, platform, cancellation))
            .ToDictionary(day => new DateOnly(day.DateKey / 10_000, day.DateKey / 100 % 100, day.DateKey % 100), day => day.Revenue);

    /// <summary>Spending less refunds by the shop's customer number.</summary>
    public async Task<Dictionary<string, decimal>> SpendByCustomerAsync(string platform, CancellationToken cancellation) =>
        (await ManyAsync<(string CustomerId, decimal Spent)>(SpendByCustomerSql, platform, cancellation))
            .ToDictionary(customer => customer.CustomerId, customer => customer.Spent, StringComparer.Ordinal);

    /// <summary>Every SKU that has a level or a movement.</summary>
    public async Task<IReadOnlyList<StockRow>> StockAsync(string platform, CancellationToken cancellation) =>
        await ManyAsync<StockRow>(StockSql, platform, cancellation);

    /// <summary>Reasons of what is in quarantine, by message id.</summary>
    public async Task<Dictionary<string, string>> QuarantinedAsync(string platform, CancellationToken cancellation) =>
        (await ManyAsync<(string MessageId, string Reason)>(QuarantinedSql, platform, cancellation))
            .ToDictionary(refused => refused.MessageId, refused => refused.Reason, StringComparer.Ordinal);

    /// <summary>Profiles that were merged, with the profile that they are now.</summary>
    public async Task<Dictionary<string, string>> MergedProfilesAsync(CancellationToken cancellation) =>
        (await ManyAsync<(string Loser, string Winner)>(MergedProfilesSql, "", cancellation))
            .ToDictionary(merge => merge.Loser, merge => merge.Winner, StringComparer.Ordinal);

    /// <summary>Touches with a share of each order under one model, in time order; the one for "no touch" has no time.</summary>
    public async Task<ILookup<string, CreditedTouch>> CreditsAsync(string platform, string model, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<CreditedTouch>(new CommandDefinition(
            CreditsSql, new { platform, model }, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellation));
        return rows.ToLookup(row => row.OrderId, StringComparer.Ordinal);
    }

    private async Task<T> OneAsync<T>(string sql, string platform, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<T>(Command(sql, platform, cancellation));
    }

    private async Task<IReadOnlyList<T>> ManyAsync<T>(string sql, string platform, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<T>(Command(sql, platform, cancellation))];
    }

    private static CommandDefinition Command(string sql, string platform, CancellationToken cancellation) =>
        new(sql, new { platform }, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellation);
}

/// <summary>Sums of orders, from their heads and from their lines.</summary>
public sealed record OrderTotals(long Orders, decimal Revenue, long Lines, long Units, decimal LineRevenue);

/// <summary>Sums of refunds.</summary>
public sealed record RefundTotals(long Refunds, decimal Amount);

/// <summary>A touch that shares in an order.</summary>
public sealed record CreditedTouch(string OrderId, string Touch, string Channel);

/// <summary>Stock of one SKU: the level that is stated, and what was received.</summary>
public sealed record StockRow(string Sku, long? OnHand, long? Reserved, long? Owed, long Received);
