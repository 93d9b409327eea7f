using System.Globalization;
using Commerce.Streaming.InventorySync.Http;
using StackExchange.Redis;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>Reads what the pipelines show.</summary>
internal interface IInventoryViews
{
    Task<AvailabilityAnswer?> FindAvailabilityAsync(string platform, string sku, CancellationToken cancellationToken);

    Task<ReservationAnswer?> FindReservationAsync(string reservationId, CancellationToken cancellationToken);
}

/// <summary>The views in Redis.</summary>
internal sealed class RedisInventoryViews(IConnectionMultiplexer redis) : IInventoryViews
{
    public async Task<AvailabilityAnswer?> FindAvailabilityAsync(string platform, string sku, CancellationToken cancellationToken)
    {
        var fields = await redis.GetDatabase().HashGetAllAsync(AvailabilityView.KeyPrefix + SkuKeys.Of(platform, sku)).WaitAsync(cancellationToken);
        if (fields.Length == 0)
            return null;
        var values = fields.ToDictionary(field => field.Name.ToString(), field => long.Parse(field.Value.ToString(), CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new AvailabilityAnswer(
            platform, sku, values[AvailabilityView.OnHand], values[AvailabilityView.Reserved], values[AvailabilityView.Owed],
            values[AvailabilityView.Available], values[AvailabilityView.Version], DateTimeOffset.FromUnixTimeMilliseconds(values[AvailabilityView.UpdatedAt]));
    }

    public async Task<ReservationAnswer?> FindReservationAsync(string reservationId, CancellationToken cancellationToken)
    {
        var json = await redis.GetDatabase().StringGetAsync(StatusView.KeyPrefix + reservationId).WaitAsync(cancellationToken);
        return json.HasValue ? StatusView.Read(json.ToString()) : null;
    }
}
