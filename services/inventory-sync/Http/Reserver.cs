using System.Diagnostics;
using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.InventorySync.Results;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>
/// Asks the ledger and waits for its answer. A reservation of several SKUs is all or nothing: what this request holds of a failed one it
/// takes back, by the ids of its own commands, so that no other request's share and no later attempt is touched.
/// </summary>
internal sealed class Reserver(ICommandSender commands, ReservationResults results, IOptions<InventoryOptions> options, TimeProvider clock)
{
    private readonly InventoryOptions _options = options.Value;

    /// <summary>
    /// Reserves. A caller who hangs up changes nothing for a reservation with a key: it goes on, and asking again finds it. Without a key
    /// nobody could ask for it, so it is taken back.
    /// </summary>
    /// <param name="caller">Cancelled when the caller is gone.</param>
    /// <exception cref="TimeoutException">The ledger did not answer in time. What this request may still get is taken back.</exception>
    /// <exception cref="CommandsUnavailableException">Kafka does not take commands. What was taken nevertheless lapses.</exception>
    public async Task<ReserveResult> ReserveAsync(ReservationRequest request, CancellationToken caller)
    {
        var started = Stopwatch.GetTimestamp();
        var id = request.IdempotencyKey is { } key ? ReservationIds.Of(request.Platform!, key) : ReservationIds.New();
        var asked = Reserves(request, id);
        IReadOnlyList<ReservationDecided> decided;
        try
        {
            // Bounded by its own timeout, not by the caller: a part of a reservation must not stay behind unseen.
            decided = await AskAsync(asked, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await SendAsync(asked.ConvertAll(TakenBack), CancellationToken.None);
            throw;
        }

        var held = decided.Where(line => line.Outcome == ReservationOutcome.RESERVED).ToDictionary(line => line.Sku, StringComparer.Ordinal);
        var abandoned = caller.IsCancellationRequested && request.IdempotencyKey is null;
        if (held.Count < asked.Count || abandoned)
        {
            await SendAsync([.. asked.Where(command => held.ContainsKey(command.Sku)).Select(TakenBack)], CancellationToken.None);
            decided = [.. decided.Select(line => held.ContainsKey(line.Sku) && !line.Repeated ? line with { Outcome = ReservationOutcome.RELEASED, ExpiresAt = null } : line)];
        }

        InventoryMetrics.ReservationDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        return ReserveResult.Of(id, decided);
    }

    /// <summary>Ends the attempts that the caller has seen, for all who share them.</summary>
    /// <exception cref="TimeoutException">The ledger did not answer in time; it will release all the same.</exception>
    /// <exception cref="CommandsUnavailableException">Kafka does not take commands.</exception>
    public async Task<ReservationAnswer> ReleaseAsync(ReservationAnswer reservation, CancellationToken cancellationToken)
    {
        var release = reservation.Lines.Select(line => Release(reservation, line.Sku, line.Quantity) with { Attempt = line.Attempt }).ToList();
        if (reservation.Attempt is { } attempt)
            release.Add(Release(reservation, ReservationLines.KeyLineOf(reservation.ReservationId), 0) with { Attempt = attempt });
        return ReservationAnswer.Of(reservation.ReservationId, await AskAsync(release, cancellationToken));
    }

    private async Task<IReadOnlyList<ReservationDecided>> AskAsync(List<StockCommand> asked, CancellationToken cancellationToken)
    {
        using var waiter = results.Expect(asked.ConvertAll(command => command.CommandId));
        await SendAsync(asked, cancellationToken);
        return await waiter.All.WaitAsync(TimeSpan.FromMilliseconds(_options.AnswerTimeoutMs), clock, cancellationToken);
    }

    private Task SendAsync(List<StockCommand> sent, CancellationToken cancellationToken) =>
        Task.WhenAll(sent.ConvertAll(command => commands.SendAsync(command, cancellationToken)));

    private List<StockCommand> Reserves(ReservationRequest request, string id)
    {
        var lines = request.QuantityBySku();
        var hash = ReservationLines.HashOf(lines);
        var lifetime = TimeSpan.FromSeconds(request.TtlSeconds ?? _options.ReservationSeconds);
        var reserves = lines.Select(line => Reserve(line.Key, line.Value, lifetime)).ToList();
        if (request.IdempotencyKey is not null)
            reserves.Add(Reserve(ReservationLines.KeyLineOf(id), 0, KeyLifetime(lifetime)));
        return reserves;

        StockCommand Reserve(string sku, int quantity, TimeSpan lives) =>
            Command(StockCommandKind.RESERVE, request.Platform!, sku, quantity, id) with { TtlMs = (long)lives.TotalMilliseconds, LinesHash = hash };
    }

    private static TimeSpan KeyLifetime(TimeSpan lifetime)
    {
        var longer = lifetime + ReservationLines.KeyOutlives;
        return longer < CommandRules.LifetimeMax ? longer : CommandRules.LifetimeMax;
    }

    private StockCommand TakenBack(StockCommand reserve) =>
        Command(StockCommandKind.RELEASE, reserve.Platform, reserve.Sku, reserve.Quantity, reserve.ReservationId!) with { Undoes = reserve.CommandId };

    private StockCommand Release(ReservationAnswer reservation, string sku, int quantity) =>
        Command(StockCommandKind.RELEASE, reservation.Platform, sku, quantity, reservation.ReservationId);

    private StockCommand Command(StockCommandKind kind, string platform, string sku, int quantity, string reservationId)
    {
        var now = clock.GetUtcNow();
        return new StockCommand
        {
            // New for each request: two requests for one reservation each get the answer to their own question.
            CommandId = ReservationIds.New(), Platform = platform, Sku = sku, Kind = kind, Quantity = quantity, Reference = reservationId,
            ReservationId = reservationId, OccurredAt = now, ReceivedAt = now,
        };
    }
}
