using Confluent.Kafka;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>What is broken, for which alerts. Those that do not disturb each other go on at the same time.</summary>
internal sealed class Breakages(LivePlatform platform, Breakage breakage)
{
    private const string ConsentRequests = "commerce.consent.requests.v1";
    private const string OrdersCompleted = "commerce.orders.completed.v1";
    private const string CollectedEvents = "commerce.collection.events.v1";

    /// <summary>More than the rule asks for to wait.</summary>
    private const int Waiting = 150;

    /// <summary>More than two minutes' traffic of the rule's tolerance, in the shortened time of the run.</summary>
    private const int Lost = 2_000;

    private readonly LiveTopics _topics = new(platform);

    /// <summary>Records that become dead letters once the registry says that it has no such schema.</summary>
    private List<TopicPartitionOffset> _unknown = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Five minutes without a registry: who knows the schemas goes on; who meets a new one, or starts, waits.</summary>
    public Task WithoutRegistryAsync() => breakage.DoAsync(
        "registry killed; a record with a new schema in consent's input and 150 behind it; attribution killed",
        async () =>
        {
            platform.Signal("registry", "KILL");
            _unknown = await _topics.ProduceUnknownSchemaAsync(ConsentRequests, Waiting);
            LivePlatform.Kill(platform.ProcessId("attribution")!.Value, "KILL");
            return new Mend(() =>
            {
                platform.StartAgain("registry");
                return Task.CompletedTask;
            });
        },
        during: ["CommerceConsumerStuck", "CommerceConsumerNotReady", "CommerceConsumerBehind"], later: []);

    public async Task OfServersAsync()
    {
        await breakage.DoAsync(
            "Postgres stopped, 90 s",
            () => Task.FromResult(platform.Hold("postgres", "INT")),
            during: ["CommerceWarehouseStuck"],
            later: ["CommerceOrdersStale", "CommerceOrdersUndelivered", "CommerceOrdersSlowlyStale"],
            hold: TimeSpan.FromSeconds(90));
        await breakage.DoAsync(
            "broker stopped (SIGSTOP)",
            () => Task.FromResult(platform.Hold("broker", "STOP")),
            during: ["CommerceAcceptanceBudgetBurns"], later: ["CommerceAcceptanceBudgetSlowlyBurns"]);
        await breakage.DoAsync(
            "Redis stopped (SIGSTOP)",
            () =>
            {
                platform.Signal("redis", "STOP");
                return Task.FromResult<IAsyncDisposable>(new Mend(() =>
                {
                    platform.Signal("redis", "CONT");
                    return Task.CompletedTask;
                }));
            },
            during: ["CommerceViewStale"], later: []);
        await breakage.DoAsync("a volume of 64 MB filled to 95 %", FillAsync, during: ["CommerceDiskFills"], later: []);
        await breakage.DoAsync("every tenth event of a shop is one that nobody planned", SendUnplannedAsync, during: ["CommerceQuarantineGrows"], later: []);
    }

    public async Task OfRecordsAsync()
    {
        await breakage.DoAsync(
            "stock of -1 written to the availability topic, past the ledger",
            () => Once(() => _topics.ProduceNegativeStockAsync("BELOW-ZERO")),
            during: ["CommerceOversold"], later: []);
        await breakage.DoAsync(
            "one record that is no Avro in the topic of orders",
            async () =>
            {
                var garbage = await _topics.ProduceGarbageAsync(OrdersCompleted);
                return new Mend(async () =>
                {
                    await _topics.SkipAsync("commerce.inventory-sync.claims.retries.v1", garbage);
                    await _topics.SkipAsync("commerce.attribution.credit.retries.v1", garbage);
                    foreach (var record in _unknown)
                        await _topics.SkipAsync("commerce.consent.decide.retries.v1", record);
                });
            },
            during: ["CommerceDeadLettersGrow", "CommerceKeysParked"], later: []);
        await breakage.DoAsync(
            "one line of an order changed in PostgreSQL, past the sink; then the audit",
            DisagreeAsync, during: ["CommerceTablesDisagree"], later: []);
        await breakage.DoAsync(
            "an order of three units of a product that never came in",
            () => Once(() => platform.SendAsync(LiveTraffic.Ordered("not-there", "NEVER-CAME", quantity: 3))),
            during: ["CommerceStockOwed"], later: []);
        await breakage.DoAsync(
            "2 000 accepted events deleted from the topic (DeleteRecords) before identity-resolution, stopped meanwhile, has read them",
            LoseAsync, during: ["CommerceEventsUnaccounted"], later: []);
        await breakage.DoAsync(
            "attribution stopped (SIGSTOP)",
            () => Task.FromResult(platform.Hold("attribution", "STOP")),
            during: ["CommerceServiceSilent"], later: []);
    }

    private static async Task<IAsyncDisposable> Once(Func<Task> harm)
    {
        await harm();
        return Mend.Nothing;
    }

    private async Task<IAsyncDisposable> FillAsync()
    {
        const int Megabyte = 1 << 20;
        var file = Path.Combine(platform.Volume, "segment");
        await using (var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            for (var megabytes = 0; megabytes < 61; megabytes++)
            {
                await stream.WriteAsync(new byte[Megabyte], Token);
                await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
            }
        }

        return new Mend(() =>
        {
            File.Delete(file);
            return Task.CompletedTask;
        });
    }

    /// <summary>A line of an order that the sink has loaded and does not touch again.</summary>
    private async Task<IAsyncDisposable> DisagreeAsync()
    {
        const string FirstLine = "WHERE (order_key, line) = (SELECT order_key, line FROM warehouse.fact_order_items ORDER BY loaded_at, order_key, line LIMIT 1)";
        await platform.ChangeTablesAsync($"UPDATE warehouse.fact_order_items SET quantity = quantity + 1 {FirstLine}");
        await platform.RunAsync("audit.sh");
        return new Mend(async () =>
        {
            await platform.ChangeTablesAsync($"UPDATE warehouse.fact_order_items SET quantity = quantity - 1 {FirstLine}");
            await platform.RunAsync("audit.sh");
        });
    }

    private Task<IAsyncDisposable> SendUnplannedAsync()
    {
        var stop = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await platform.SendAsync(LiveTraffic.Unplanned("x"), LiveTraffic.Unplanned("y"), LiveTraffic.Unplanned("z"));
                await Task.Delay(TimeSpan.FromSeconds(1), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        return Task.FromResult<IAsyncDisposable>(new Mend(async () =>
        {
            await stop.CancelAsync();
            await sending;
            stop.Dispose();
        }));
    }

    private async Task<IAsyncDisposable> LoseAsync()
    {
        await using (platform.Hold("identity-resolution", "STOP"))
        {
            for (var sent = 0; sent < Lost; sent += 500)
                (await platform.SendAsync([.. Enumerable.Range(sent, 500).Select(number => LiveTraffic.Viewed($"lost-{number}"))])).ShouldBe(200);
            await _topics.DeleteRecordsAsync(CollectedEvents, RepositoryFolder.Topics()[CollectedEvents]);
        }

        return Mend.Nothing;
    }
}
