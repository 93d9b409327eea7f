using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Commerce.Streaming.Attribution.Http;

/// <summary><c>GET /v1/orders/{platform}/{orderId}/credits</c>: which touch earned the order.</summary>
public static class CreditEndpoints
{
    public static void MapCredits(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/orders/{platform}/{orderId}/credits", FindAsync).RequireScope("attribution:read");

    private static async Task<Results<Ok<CreditsDocument>, ProblemHttpResult>> FindAsync(
        ICreditsLookup lookup, string platform, string orderId, string? model, CancellationToken cancellationToken)
    {
        if (model is not null && Models.All.All(known => known.Name != model))
            return TypedResults.Problem(
                $"model is one of {string.Join(", ", Models.All.Select(known => known.Name))}", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            if (await lookup.FindAsync(platform, orderId, cancellationToken) is not { } credits)
                return TypedResults.Problem("no credits are stated for this order", statusCode: StatusCodes.Status404NotFound);
            return TypedResults.Ok(model is null ? credits : credits with { Models = [.. credits.Models.Where(one => one.Model == model)] });
        }
        catch (Exception unavailable) when (unavailable is RedisException or RedisTimeoutException)
        {
            return TypedResults.Problem("the view in Redis does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
