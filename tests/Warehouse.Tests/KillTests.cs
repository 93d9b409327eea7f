using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>The real process, killed in the middle of its work.</summary>
public sealed class KillTests(PostgresFixture postgres, KafkaFixture kafka)
{
    private const int Orders = 1_200;
    private const int KilledAfter = 250;
    private const int Kills = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Killed_again_and_again_it_counts_every_record_once()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "kill");
        await kafka.ProduceAsync(Topics.OrdersCompleted, Enumerable.Range(0, Orders).Select(number => ($"shop/k{number}", Said.Order($"k{number}", $"k-p{number % 50}"))));
        await kafka.ProduceAsync(Topics.OrdersRefunded, Enumerable.Range(0, Orders / 2).Select(number =>
            ($"shop/k{number}", Said.Refund($"k-r{number}", $"k{number}", 1m, $"k-p{number % 50}"))));
        for (var kill = 0; kill < Kills; kill++)
        {
            using var doomed = await StartAsync(warehouse);
            var enough = await OrdersOf(warehouse) + KilledAfter;
            await UntilAsync(doomed, async () => await OrdersOf(warehouse) >= enough);
            doomed.Send(Signal.Kill);
            await doomed.Exited;
        }

        using var last = await StartAsync(warehouse);
        await UntilAsync(last, async () => await warehouse.ValueAsync<string>(
            "SELECT concat_ws('|', (SELECT count(*) FROM warehouse.fact_orders WHERE order_id LIKE 'k%'), (SELECT count(*) FROM warehouse.fact_refunds WHERE refund_id LIKE 'k%'))")
            == $"{Orders}|{Orders / 2}");
        // Aggregates follow within moments when the sink was busy.
        await UntilAsync(last, () => warehouse.ValueAsync<bool>(
            "SELECT (SELECT sum(revenue) FROM warehouse.agg_daily_summary) = (SELECT sum(net_revenue) FROM warehouse.fact_orders)"));
        (await last.StopAsync(Signal.Term, Patience)).ShouldBeTrue();
        (await warehouse.ValueAsync<string>("""
            SELECT concat_ws('|', (SELECT count(*) FROM warehouse.fact_order_items WHERE order_key LIKE 'shop:k%'), sum(revenue), sum(net_revenue))
            FROM warehouse.fact_orders WHERE order_id LIKE 'k%'
            """)).ShouldBe($"{Orders}|{Orders * 20}.0000|{(Orders * 20) - (Orders / 2)}.0000");
        (await warehouse.ValueAsync<long>("SELECT sum(order_count)::bigint FROM warehouse.dim_customer WHERE customer_key LIKE 'k-p%'")).ShouldBe(Orders);
    }

    private static Task<long> OrdersOf(TestWarehouse warehouse) =>
        warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.fact_orders WHERE order_id LIKE 'k%'");

    private static async Task UntilAsync(ChildProcess process, Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        while (!await condition())
        {
            process.HasExited.ShouldBeFalse("the service ended by itself");
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }

    /// <summary>With small batches, so that there are many moments to be killed at.</summary>
    private Task<ChildProcess> StartAsync(TestWarehouse warehouse) => ChildProcesses.StartAsync(
        new ChildCommand("dotnet", [Path.Combine(AppContext.BaseDirectory, "Commerce.Streaming.Warehouse.dll")])
        {
            LogFile = Path.Combine(Path.GetTempPath(), $"commerce-test-warehouse-{Environment.ProcessId}.log"),
            ParentDeathSignal = Signal.Kill,
            Environment = new Dictionary<string, string?>
            {
                ["Privacy__SealingKey"] = KafkaFixture.SealingKey,
                ["ApiAccess__Required"] = "false",
                ["Kafka__BootstrapServers"] = kafka.BootstrapServers,
                ["SchemaRegistry__Url"] = kafka.RegistryUrl,
                ["Postgres__Url"] = warehouse.Url,
                ["Sink__GroupId"] = "commerce.warehouse.sink.test.kill",
                ["Sink__BatchRecordsMax"] = "40",
                ["Sink__LingerMs"] = "5",
                ["Sink__SessionTimeoutMs"] = "6000",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
        });
}
