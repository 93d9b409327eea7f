using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Api;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>The service on a real Kafka and a real Postgres.</summary>
public sealed class ServiceTests(PostgresFixture postgres, KafkaFixture kafka)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_become_rows_and_an_unreadable_one_a_dead_letter()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "service");
        await kafka.ProduceAsync(Topics.OrdersCompleted, ("shop/s1", Said.Order("s1", "s-p1", user: "s-u1")));
        await ProduceRawAsync(Topics.OrdersCompleted.Name, "shop/s1", "no Avro at all"u8.ToArray());
        await kafka.ProduceAsync(Topics.OrdersCompleted, ("shop/s1", Said.Order("s2", "s-p1")));
        await kafka.ProduceAsync(Topics.OrdersRefunded, ("shop/s1", Said.Refund("s-r", "s1", 5m, "s-p1")));
        await using var service = await StartAsync(warehouse);
        await service.UntilAsync(async _ => await warehouse.ValueAsync<decimal?>(
            "SELECT sum(net_revenue) FROM warehouse.fact_orders WHERE order_key IN ('shop:s1', 'shop:s2')") == 35m, Cancelled);
        var letters = await kafka.ReadUntilAsync(
            Topics.WarehouseSinkDlq, letter => letter.Value!.Topic == Topics.OrdersCompleted.Name, letters => letters.Count > 0, Cancelled);
        letters[0].Value!.Reason.ShouldBe("deserialization");
        letters[0].Value!.Value!.AsSpan().IndexOf("Avro"u8).ShouldBe(-1);
        new RawSealer(Convert.FromBase64String(KafkaFixture.SealingKey)).Open(letters[0].Value!.Value!).ShouldBe("no Avro at all"u8.ToArray());
        await service.UntilAsync(async client => (await client.GetFromJsonAsync<JsonElement>("/v1/freshness", Cancelled)).GetProperty("lag").GetInt64() == 0, Cancelled);
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.dead_letters")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_instances_and_a_restart_count_every_record_once()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "two");
        await kafka.ProduceAsync(Topics.OrdersCompleted, Numbers(0, 300).Select(number => ($"shop/t{number}", Said.Order($"t{number}", $"t-p{number % 7}"))));
        await using (var first = await StartAsync(warehouse, "two"))
        await using (var second = await StartAsync(warehouse, "two"))
        {
            await kafka.ProduceAsync(Topics.OrdersRefunded, Numbers(0, 300).Select(number => ($"shop/t{number}", Said.Refund($"t-r{number}", $"t{number}", 1m, $"t-p{number % 7}"))));
            await kafka.ProduceAsync(Topics.IdentityProfileMerges, Numbers(0, 6).Select(number => ($"t-p{number}", Said.Merge($"t-p{number}", $"t-p{number + 1}", number))));
            await first.UntilAsync(_ => IsCompleteAsync(warehouse, 300), Cancelled);
        }

        await kafka.ProduceAsync(Topics.OrdersCompleted, Numbers(300, 100).Select(number => ($"shop/t{number}", Said.Order($"t{number}", $"t-p{number % 7}"))));
        await kafka.ProduceAsync(Topics.OrdersRefunded, Numbers(300, 100).Select(number => ($"shop/t{number}", Said.Refund($"t-r{number}", $"t{number}", 1m, $"t-p{number % 7}"))));
        await using var third = await StartAsync(warehouse, "two");
        await third.UntilAsync(_ => IsCompleteAsync(warehouse, 400), Cancelled);
    }

    /// <summary>All orders, all refunds, all of them the last winner's, and aggregates that agree.</summary>
    private static async Task<bool> IsCompleteAsync(TestWarehouse warehouse, int orders)
    {
        var facts = await warehouse.ValueAsync<string>("""
            SELECT concat_ws('|', count(*), sum(net_revenue), min(customer_key), max(customer_key)) FROM warehouse.fact_orders WHERE order_id LIKE 't%'
            """);
        var customer = await warehouse.QueryAsync<string>(
            "SELECT concat_ws('|', order_count, total_spent) FROM warehouse.dim_customer WHERE customer_key LIKE 't-p%'");
        var agrees = await warehouse.ValueAsync<bool>(
            "SELECT (SELECT sum(revenue) FROM warehouse.agg_daily_summary) = (SELECT sum(net_revenue) FROM warehouse.fact_orders)");
        return facts == $"{orders}|{orders * 19}.0000|t-p6|t-p6" && customer is [var only] && only == $"{orders}|{orders * 19}.0000" && agrees;
    }

    private static IEnumerable<int> Numbers(int first, int count) => Enumerable.Range(first, count);

    private Task<RunningService> StartAsync(TestWarehouse warehouse, string group = "one") => RunningService.StartAsync(
        Settings(warehouse, group),
        builder =>
        {
            builder.AddServiceDefaults("warehouse");
            builder.AddSink();
        },
        app =>
        {
            app.MapServiceDefaults();
            app.MapFreshness();
        },
        Cancelled);

    private Dictionary<string, string?> Settings(TestWarehouse warehouse, string group) => new(kafka.ServiceSettings, StringComparer.Ordinal)
    {
        ["Postgres:Url"] = warehouse.Url,
        ["Sink:GroupId"] = "commerce.warehouse.sink.test." + group,
        ["Sink:LingerMs"] = "20",
    };

    private async Task ProduceRawAsync(string topic, string key, byte[] value)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig(kafka.ClientProperties) { Partitioner = Partitioner.Murmur2Random }).Build();
        await producer.ProduceAsync(topic, new Message<string, byte[]> { Key = key, Value = value }, Cancelled);
    }
}
