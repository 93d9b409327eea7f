using System.Net;
using System.Net.Http.Json;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>Asking again with the same key, over HTTP, log and Redis.</summary>
[Collection("one instance of the service at a time")]
public sealed class RetriedReservationTests(KafkaFixture kafka, RedisFixture redis)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_is_one_reservation_through_hang_ups_refusals_releases_and_restarts()
    {
        var (sku, other, key) = ($"sku-{Guid.NewGuid():N}", $"other-{Guid.NewGuid():N}", $"order-{Guid.NewGuid():N}");
        ReservationAnswer first;
        await using (var service = await StartAsync())
        {
            await ReceiveAsync(service, sku, 5);
            await ReceiveAsync(service, other, 5);

            // The caller goes away before the ledger can answer; the retry finds the reservation, or makes it when nothing had been sent.
            using (var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
            {
                var gone = ReserveAsync(service, key, caller.Token, (sku, 3));
                await caller.CancelAsync();
                await Should.ThrowAsync<OperationCanceledException>(() => gone);
            }

            (first, _) = await ReserveAsync(service, key, Cancel, (sku, 3));
            first.Status.ShouldBe("reserved");
            var (again, status) = await ReserveAsync(service, key, Cancel, (sku, 1), (sku, 2));
            (status, again.ReservationId, again.ExpiresAt).ShouldBe((HttpStatusCode.OK, first.ReservationId, first.ExpiresAt));

            (await StatusAsync(service, key, (sku, 4))).ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await StatusAsync(service, key, (other, 1))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        await using (var service = await StartAsync())
        {
            (await StatusAsync(service, key, (sku, 3))).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(service, key, (other, 1))).ShouldBe(HttpStatusCode.UnprocessableEntity);

            // Refused is not for ever.
            (await StatusAsync(service, key + "b", (sku, 4))).ShouldBe(HttpStatusCode.Conflict);
            await ReceiveAsync(service, sku, 2, now: 7);
            (await StatusAsync(service, key + "b", (sku, 4))).ShouldBe(HttpStatusCode.Created);

            // Nor is released; and the key is free for another basket.
            using var released = await service.Client.DeleteAsync($"/v1/reservations/{first.ReservationId}", Cancel);
            released.StatusCode.ShouldBe(HttpStatusCode.OK);
            var (next, status) = await ReserveAsync(service, key, Cancel, (sku, 2), (other, 1));
            (status, next.ReservationId, next.Lines.Single(line => line.Sku == sku).Attempt).ShouldBe((HttpStatusCode.Created, first.ReservationId, 2));
            await service.UntilAsync(async client => await StockAsync(client, sku) is { OnHand: 7, Reserved: 6, Available: 1 }, Cancel);
            await service.UntilAsync(async client => await StockAsync(client, other) is { Reserved: 1, Available: 4 }, Cancel);
        }
    }

    private async Task ReceiveAsync(RunningService service, string sku, int quantity, int? now = null)
    {
        await kafka.ProduceAsync(Topics.InventoryStockCommands, ($"shop/{sku}", Said.Command(StockCommandKind.RECEIVE, sku, quantity, $"receipt-{sku}-{now}")));
        await service.UntilAsync(async client => (await StockAsync(client, sku))?.OnHand == (now ?? quantity), Cancel);
    }

    private static async Task<(ReservationAnswer Answer, HttpStatusCode Status)> ReserveAsync(
        RunningService service, string key, CancellationToken cancel, params (string Sku, int Quantity)[] lines)
    {
        using var response = await service.Client.PostAsJsonAsync("/v1/reservations", RequestOf(key, lines), cancel);
        return ((await response.Content.ReadFromJsonAsync<ReservationAnswer>(cancel))!, response.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningService service, string key, params (string Sku, int Quantity)[] lines)
    {
        using var response = await service.Client.PostAsJsonAsync("/v1/reservations", RequestOf(key, lines), Cancel);
        return response.StatusCode;
    }

    private static ReservationRequest RequestOf(string key, (string Sku, int Quantity)[] lines) =>
        new("shop", [.. lines.Select(line => new ReservationLineRequest(line.Sku, line.Quantity))], null, key);

    private static async Task<AvailabilityAnswer?> StockAsync(HttpClient client, string sku)
    {
        using var answer = await client.GetAsync($"/v1/availability/shop/{sku}", Cancel);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<AvailabilityAnswer>(Cancel) : null;
    }

    private Task<RunningService> StartAsync() => RunningService.StartAsync(
        [.. kafka.ServiceSettings, .. redis.ServiceSettings],
        builder =>
        {
            builder.AddServiceDefaults("inventory-sync");
            builder.AddInventorySync();
        },
        app =>
        {
            app.MapServiceDefaults();
            app.MapReservations();
            app.MapAvailability();
        },
        Cancel);
}
