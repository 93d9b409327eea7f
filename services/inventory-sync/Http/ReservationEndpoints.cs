using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.InventorySync.Results;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>Reservations over HTTP.</summary>
internal static class ReservationEndpoints
{
    public static void MapReservations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/reservations", ReserveAsync);
        routes.MapGet("/v1/reservations/{id}", FindAsync);
        routes.MapDelete("/v1/reservations/{id}", ReleaseAsync);
    }

    /// <summary>201 when everything is held, 409 when something is not (then nothing is held).</summary>
    private static async Task<IResult> ReserveAsync(
        ReservationRequest request, Reserver reserver, IOptions<InventoryOptions> options, HttpContext http, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is null && http.Request.Headers.TryGetValue("Idempotency-Key", out var header))
            request = request with { IdempotencyKey = header.ToString() };
        if (request.Faults(options.Value) is { Count: > 0 } faults)
            return TypedResults.Problem(string.Join("; ", faults), statusCode: StatusCodes.Status400BadRequest);
        return await AnswerAsync(async () =>
        {
            var answer = await reserver.ReserveAsync(request, cancellationToken);
            if (answer.Status == ReservationAnswer.Reserved && !Matches(answer, request))
                return TypedResults.Problem("the idempotency key belongs to another reservation", statusCode: StatusCodes.Status422UnprocessableEntity);
            return answer.Status == ReservationAnswer.Reserved
                ? TypedResults.Created($"/v1/reservations/{answer.ReservationId}", answer)
                : TypedResults.Conflict(answer);
        });
    }

    private static async Task<IResult> FindAsync(string id, ReservationResults results, IInventoryViews views, CancellationToken cancellationToken) =>
        await AnswerAsync(async () =>
            await LookUpAsync(id, results, views, cancellationToken) is { } answer ? TypedResults.Ok(answer) : Unknown());

    /// <summary>200 with where it stands now: released, or ended before.</summary>
    private static async Task<IResult> ReleaseAsync(
        string id, Reserver reserver, ReservationResults results, IInventoryViews views, CancellationToken cancellationToken) =>
        await AnswerAsync(async () =>
            await LookUpAsync(id, results, views, cancellationToken) is { } answer
                ? TypedResults.Ok(await reserver.ReleaseAsync(answer, cancellationToken))
                : Unknown());

    // What this instance has just heard is newer than Redis, but may lack lines that were decided before it started.
    private static async Task<ReservationAnswer?> LookUpAsync(
        string id, ReservationResults results, IInventoryViews views, CancellationToken cancellationToken)
    {
        if (!ReservationIds.IsWellFormed(id))
            return null;
        var recent = results.Recent(id) is { } lines ? ReservationAnswer.Of(id, lines) : null;
        var stored = await views.FindReservationAsync(id, cancellationToken);
        return recent is null || stored?.Lines.Count > recent.Lines.Count ? stored : recent;
    }

    private static bool Matches(ReservationAnswer answer, ReservationRequest request)
    {
        var asked = request.QuantityBySku();
        return answer.Lines.All(line => asked.TryGetValue(line.Sku, out var quantity) && quantity == line.Quantity);
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
