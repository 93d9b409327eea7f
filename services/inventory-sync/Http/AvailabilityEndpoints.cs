using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.ServiceDefaults;
using StackExchange.Redis;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>What can be sold, over HTTP: the view in Redis.</summary>
internal static class AvailabilityEndpoints
{
    // The SKU is the rest of the path: it may hold slashes.
    public static void MapAvailability(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/availability/{platform}/{**sku}", FindAsync).RequireScope("inventory:read");

    private static async Task<IResult> FindAsync(string platform, string sku, IInventoryViews views, CancellationToken cancellationToken)
    {
        try
        {
            return await views.FindAvailabilityAsync(platform, Uri.UnescapeDataString(sku), cancellationToken) is { } answer
                ? TypedResults.Ok(answer)
                : TypedResults.Problem("nothing is known of this sku", statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception unavailable) when (unavailable is RedisException or RedisTimeoutException)
        {
            return TypedResults.Problem("the view in Redis does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}

/// <summary>Stock as the API shows it.</summary>
/// <param name="Available">max(0, onHand - reserved - owed).</param>
/// <param name="Version">Grows with every change.</param>
internal sealed record AvailabilityAnswer(
    string Platform, string Sku, long OnHand, long Reserved, long Owed, long Available, long Version, DateTimeOffset UpdatedAt);
