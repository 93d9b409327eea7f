using System.Diagnostics;
using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.InventorySync.Results;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Http;

/// <summary>Asks the ledger and waits for its answer. A reservation of several SKUs is all or nothing: what was held of a failed one is released.</summary>
internal sealed class Reserver(ICommandSender commands, ReservationResults results, IOptions<InventoryOptions> options, TimeProvider clock)
{
    private readonly InventoryOptions _options = options.Value;

    /// <exception cref="TimeoutException">The ledger did not answer in time. What it may still hold has been released, or lapses.</exception>
    /// <exception cref="CommandsUnavailableException">Kafka does not take commands.</exception>
    public async Task<ReservationAnswer> ReserveAsync(ReservationRequest request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var id = request.IdempotencyKey is { } key ? ReservationIds.Of(request.Platform!, key) : ReservationIds.New();
        var lifetime = TimeSpan.FromSeconds(request.TtlSeconds ?? _options.ReservationSeconds);
        var reserve = request.QuantityBySku()
            .Select(line => Command(StockCommandKind.RESERVE, request.Platform!, line.Key, line.Value, id, lifetime)).ToList();
        IReadOnlyList<ReservationDecided> decided;
        try
        {
            decided = await AskAsync(reserve, cancellationToken);
        }
        catch (Exception unsure) when (unsure is TimeoutException or OperationCanceledException)
        {
            // In the same order as the reservation, so it cannot be overtaken; without the caller's token, who may have gone.
            await SendAsync(reserve.ConvertAll(Opposite), CancellationToken.None);
            throw;
        }

        if (decided.Any(line => line.Outcome == ReservationOutcome.REJECTED))
        {
            var held = decided.Where(line => line.Outcome == ReservationOutcome.RESERVED).Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
            await SendAsync([.. reserve.Where(command => held.Contains(command.Sku)).Select(Opposite)], CancellationToken.None);
            decided = [.. decided.Select(line => held.Contains(line.Sku) ? line with { Outcome = ReservationOutcome.RELEASED, ExpiresAt = null } : line)];
        }

        InventoryMetrics.ReservationDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        return ReservationAnswer.Of(id, decided);
    }

    /// <summary>Releases all SKUs of a reservation.</summary>
    /// <exception cref="TimeoutException">The ledger did not answer in time; it will release all the same.</exception>
    /// <exception cref="CommandsUnavailableException">Kafka does not take commands.</exception>
    public async Task<ReservationAnswer> ReleaseAsync(ReservationAnswer reservation, CancellationToken cancellationToken)
    {
        var release = reservation.Lines
            .Select(line => Command(StockCommandKind.RELEASE, reservation.Platform, line.Sku, line.Quantity, reservation.ReservationId, lifetime: null)).ToList();
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

    private StockCommand Command(StockCommandKind kind, string platform, string sku, int quantity, string reservationId, TimeSpan? lifetime)
    {
        var now = clock.GetUtcNow();
        return new StockCommand
        {
            // New for each request: two requests for one reservation each get the answer to their own question.
            CommandId = ReservationIds.New(), Platform = platform, Sku = sku, Kind = kind, Quantity = quantity, Reference = reservationId,
            ReservationId = reservationId, TtlMs = (long?)lifetime?.TotalMilliseconds, OccurredAt = now, ReceivedAt = now,
        };
    }

    private StockCommand Opposite(StockCommand reserve) =>
        Command(StockCommandKind.RELEASE, reserve.Platform, reserve.Sku, reserve.Quantity, reserve.ReservationId!, lifetime: null);
}
