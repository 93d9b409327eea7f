using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.InventorySync.Results;
using Commerce.Streaming.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>Reservations over HTTP.</summary>
internal static class ReservationEndpoints
{
    private const string KeyIsBound =
        "the idempotency key is bound to a reservation of other skus or quantities; release that one first, or use another key";

    public static void MapReservations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/reservations", ReserveAsync).RequireScope("inventory:write");
        routes.MapGet("/v1/reservations/{id}", FindAsync).RequireScope("inventory:read");
        routes.MapDelete("/v1/reservations/{id}", ReleaseAsync).RequireScope("inventory:write");
    }

    /// <summary>
    /// 201 when everything is held, 200 when it was held already under the same key; 409 when something is not (then nothing is held); 422
    /// when the key is bound to other lines.
    /// </summary>
    private static async Task<IResult> ReserveAsync(
        ReservationRequest request, Reserver reserver, IOptions<InventoryOptions> options, HttpContext http, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is null && http.Request.Headers.TryGetValue("Idempotency-Key", out var header))
            request = request with { IdempotencyKey = header.ToString() };
        if (request.Faults(options.Value) is { Count: > 0 } faults)
            return TypedResults.Problem(string.Join("; ", faults), statusCode: StatusCodes.Status400BadRequest);
        return await AnswerAsync(async () =>
        {
            var (end, answer) = await reserver.ReserveAsync(request, cancellationToken);
            return end switch
            {
                ReserveEnd.Made => TypedResults.Created($"/v1/reservations/{answer.ReservationId}", answer),
                ReserveEnd.Repeated => TypedResults.Ok(answer),
                ReserveEnd.OtherLines => TypedResults.Problem(KeyIsBound, statusCode: StatusCodes.Status422UnprocessableEntity),
                _ => TypedResults.Conflict(answer),
            };
        });
    }

    private static async Task<IResult> FindAsync(string id, ReservationResults results, IInventoryViews views, CancellationToken cancellationToken) =>
        await AnswerAsync(async () =>
            await LookUpAsync(id, results, views, cancellationToken) is { } answer ? TypedResults.Ok(answer) : Unknown());

    /// <summary>200 with where it stands now: released, or ended before. 409 when it was reserved anew since this instance last heard of it.</summary>
    private static async Task<IResult> ReleaseAsync(
        string id, Reserver reserver, ReservationResults results, IInventoryViews views, CancellationToken cancellationToken) =>
        await AnswerAsync(async () =>
            await LookUpAsync(id, results, views, cancellationToken) is { } answer
                ? Released(await reserver.ReleaseAsync(answer, cancellationToken))
                : Unknown());

    private static IResult Released(ReservationAnswer answer) =>
        answer.Lines.Any(line => line.Status == ReservationAnswer.Reserved) ? TypedResults.Conflict(answer) : TypedResults.Ok(answer);

    // What this instance has just heard is newer than Redis, but may lack lines that were decided before it started.
    private static async Task<ReservationAnswer?> LookUpAsync(
        string id, ReservationResults results, IInventoryViews views, CancellationToken cancellationToken)
    {
        if (!ReservationIds.IsWellFormed(id))
            return null;
        var recent = results.Recent(id) is { } lines ? ReservationAnswer.Of(id, lines) : null;
        var stored = await views.FindReservationAsync(id, cancellationToken);
        var known = recent is null || stored?.Lines.Count > recent.Lines.Count ? stored : recent;
        return known?.Lines.Count > 0 ? known with { Attempt = known.Attempt ?? stored?.Attempt } : null;
    }

    private static ProblemHttpResult Unknown() => TypedResults.Problem("no reservation has this id", statusCode: StatusCodes.Status404NotFound);

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (TimeoutException)
        {
            return TypedResults.Problem("the ledger did not answer in time; nothing stays reserved", statusCode: StatusCodes.Status504GatewayTimeout);
        }
        catch (Exception unavailable) when (unavailable is CommandsUnavailableException or RedisException or RedisTimeoutException)
        {
            return TypedResults.Problem("the ledger cannot be reached", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
