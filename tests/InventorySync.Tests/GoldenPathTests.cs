using System.Net;
using System.Net.Http.Json;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;

[assembly: AssemblyFixture(typeof(KafkaFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>The service on a real log, registry and Redis.</summary>
[Collection("one instance of the service at a time")]
public sealed class GoldenPathTests(KafkaFixture kafka, RedisFixture redis)
{
    private const int Contenders = 20;

    [Fact]
    public async Task Receipt_reservations_order_and_refund_move_stock_and_never_oversell_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        var (sku, order) = ($"sku-{Guid.NewGuid():N}", $"order-{Guid.NewGuid():N}");
        await using var service = await StartAsync(cancel);
        await kafka.ProduceAsync(Topics.InventoryStockCommands, ($"shop/{sku}", Said.Command(StockCommandKind.RECEIVE, sku, 10, $"receipt-{sku}")));
        await service.UntilAsync(async client => (await StockAsync(client, sku, cancel))?.Available == 10, cancel);

        // Everybody wants one, at once; ten can have it.
        var answers = await Task.WhenAll(Enumerable.Range(0, Contenders).Select(number => ReserveAsync(service.Client, sku, 1, $"{order}-{number}", cancel)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(10);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(Contenders - 10);

        var held = Enumerable.Range(0, Contenders).First(number => answers[number].StatusCode == HttpStatusCode.Created);
        var reservation = (await answers[held].Content.ReadFromJsonAsync<ReservationAnswer>(cancel))!;
        (await service.Client.GetFromJsonAsync<ReservationAnswer>($"/v1/reservations/{reservation.ReservationId}", cancel))!.Status.ShouldBe("reserved");
        await kafka.ProduceAsync(Topics.OrdersCompleted, ($"shop/{order}-{held}", Said.Order($"{order}-{held}", Said.Line(1, sku, 1))));
        await service.UntilAsync(async client => await StockAsync(client, sku, cancel) is { OnHand: 9, Reserved: 9, Available: 0, Owed: 0 }, cancel);

        var other = await answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Last().Content.ReadFromJsonAsync<ReservationAnswer>(cancel);
        using var released = await service.Client.DeleteAsync($"/v1/reservations/{other!.ReservationId}", cancel);
        (await released.Content.ReadFromJsonAsync<ReservationAnswer>(cancel))!.Status.ShouldBe("released");
        await kafka.ProduceAsync(Topics.OrdersRefunded, ($"shop/{order}-{held}", Said.Refund($"refund-{order}", $"{order}-{held}", Said.Line(1, sku, 1))));
        await service.UntilAsync(async client => await StockAsync(client, sku, cancel) is { OnHand: 10, Reserved: 8, Available: 2 }, cancel);

        // Redis is a view: losing it costs time, not stock.
        await redis.FlushAsync();
        await service.UntilAsync(async client => await StockAsync(client, sku, cancel) is { OnHand: 10, Reserved: 8, Available: 2 }, cancel);
    }

    [Fact]
    public async Task Malformed_requests_are_refused_with_all_reasons()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var service = await StartAsync(cancel);
        using var answer = await service.Client.PostAsJsonAsync("/v1/reservations", new { platform = "a/b", lines = new[] { new { sku = "", quantity = 0 } }, ttlSeconds = 0 }, cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        text.ShouldContain("platform is missing or malformed");
        text.ShouldContain("sku is missing or malformed");
        text.ShouldContain("ttlSeconds is not between");
        (await service.Client.GetAsync("/v1/reservations/nonsense", cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.Client.GetAsync("/v1/availability/shop/never-heard-of", cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<RunningService> StartAsync(CancellationToken cancel) => RunningService.StartAsync(
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
        cancel);

    private static Task<HttpResponseMessage> ReserveAsync(HttpClient client, string sku, int quantity, string key, CancellationToken cancel) =>
        client.PostAsJsonAsync("/v1/reservations", new ReservationRequest("shop", [new ReservationLineRequest(sku, quantity)], null, key), cancel);

    private static async Task<AvailabilityAnswer?> StockAsync(HttpClient client, string sku, CancellationToken cancel)
    {
        using var answer = await client.GetAsync($"/v1/availability/shop/{sku}", cancel);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<AvailabilityAnswer>(cancel) : null;
    }
}
