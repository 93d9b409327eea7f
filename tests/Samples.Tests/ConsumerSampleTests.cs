using Commerce.Orders;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Npgsql;

namespace Commerce.Streaming.Samples.Tests;

/// <summary>
/// The programs of docs/consumers.md on a running platform: typed orders of two revisions, bytes that are none, and kill -9 on the way.
/// Each order counts once, the unreadable one is a dead letter.
/// </summary>
public sealed class ConsumerSampleTests(SalesLog log, PostgresFixture postgres) : IClassFixture<SalesLog>
{
    private static readonly string Root = FindRoot();
    private static readonly string Samples = Path.Combine(Root, "samples");

    [Fact]
    public async Task Plain_client_with_contracts_counts_each_order_once() =>
        await CountsOnceAsync("csharp", "dotnet", [Program("Commerce.Streaming.SalesByCurrency")], builder => builder.ConnectionString);

    [Fact]
    public async Task Node_counts_each_order_once()
    {
        Assert.SkipWhen(Executables.Find("node") is null || Executables.Find("npm") is null, "node and npm are not on PATH");
        await using var folder = new ThrowawayFolder("commerce-sample-node");
        foreach (var file in (string[])["package.json", "sales.mjs"])
            File.Copy(Path.Combine(Samples, "node-orders", file), Path.Combine(folder.Path, file));
        var install = new ChildCommand("npm", ["install", "--no-audit", "--no-fund", "--silent", "--prefer-offline"]) { WorkingDirectory = folder.Path, LogFile = Path.Combine(folder.Path, "npm.log") };
        Assert.SkipWhen(await ChildProcesses.RunAsync(install, Cancelled) != 0, "npm cannot install the sample's packages here");
        await CountsOnceAsync("node", "node", [Path.Combine(folder.Path, "sales.mjs")], Url);
    }

    [Fact]
    public async Task Java_counts_each_order_once()
    {
        var classpath = Environment.GetEnvironmentVariable("COMMERCE_TEST_JAVA_CLASSPATH");
        Assert.SkipWhen(string.IsNullOrEmpty(classpath), "COMMERCE_TEST_JAVA_CLASSPATH does not name the jars of kafka-clients, avro and postgresql");
        Assert.SkipWhen(Executables.Find("java") is null, "java (17 or newer) is not on PATH");
        await CountsOnceAsync("java", "java", ["-cp", classpath!, Path.Combine(Samples, "java-sales", "Sales.java")], builder => "jdbc:" + Url(builder));
    }

    [Fact]
    public async Task Topology_announces_each_lost_order_once()
    {
        await using var sample = new SampleProcess(new ChildCommand("dotnet", [Program("Commerce.Streaming.LostOrders")])
        {
            Environment = new Dictionary<string, string?>
            {
                ["Kafka__BootstrapServers"] = log.Kafka.BootstrapServers, ["SchemaRegistry__Url"] = log.Kafka.RegistryUrl, ["Processing__InstanceId"] = "one",
            },
        });
        await sample.StartAsync();
        await sample.UntilAsync(() => Task.FromResult(Read("sales.lost-orders.v1").Count > 0), Cancelled);
        await sample.KillAsync();
        await sample.StartAsync();
        await sample.UntilAsync(() => Task.FromResult(Read("sales.lost-orders.v1").Count >= SalesLog.Lost && Read("sales.lost-orders.dlq.v1").Count > 0), Cancelled);

        Read("sales.lost-orders.v1").Select(record => record.Message.Key).ShouldBe(Enumerable.Range(0, SalesLog.Lost).Select(SalesLog.Key), ignoreOrder: true);
        Read("sales.lost-orders.dlq.v1").Count.ShouldBe(1);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private async Task CountsOnceAsync(string purpose, string program, string[] arguments, Func<NpgsqlConnectionStringBuilder, string> address)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresFixture.ConnectionStringOf(await postgres.CreateDatabaseAsync(purpose, Cancelled)));
        await using var database = NpgsqlDataSource.Create(settings);
        var lettersBefore = Read(SalesLog.DeadLetters).Count;
        await using var sample = new SampleProcess(new ChildCommand(program, arguments)
        {
            Environment = new Dictionary<string, string?>
            {
                ["KAFKA_BOOTSTRAP"] = log.Kafka.BootstrapServers, ["SCHEMA_REGISTRY_URL"] = log.Kafka.RegistryUrl.TrimEnd('/'), ["SALES_DATABASE"] = address(settings),
            },
        });
        await sample.StartAsync();
        await sample.UntilAsync(async () => await CountedAsync(database) > 0, Cancelled);
        await sample.KillAsync();
        await sample.StartAsync();
        await sample.UntilAsync(async () => await CountedAsync(database) >= SalesLog.Today + SalesLog.Later, Cancelled);

        (await ScalarAsync<string>(database, "SELECT string_agg(currency || '|' || orders || '|' || round(revenue, 4), ' ' ORDER BY currency) FROM sales")).ShouldBe(SalesLog.Expected);
        // Sent before the offset moves, so a kill in between repeats it: at least once, never lost.
        var letters = Read(SalesLog.DeadLetters).Skip(lettersBefore).ToList();
        letters.Count.ShouldBeInRange(1, 2);
        letters.ShouldAllBe(letter => System.Text.Encoding.UTF8.GetString(letter.Message.Value) == SalesLog.Poison);
        System.Text.Encoding.UTF8.GetString(letters[0].Message.Headers.GetLastBytes("source")).ShouldStartWith(Topics.OrdersCompleted.Name);
    }

    private static async Task<long> CountedAsync(NpgsqlDataSource database) =>
        await ScalarAsync<bool>(database, "SELECT to_regclass('sales') IS NOT NULL") ? await ScalarAsync<long>(database, "SELECT coalesce(sum(orders), 0) FROM sales") : 0;

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    /// <summary>All committed records of a topic; none when there is no such topic yet.</summary>
    private List<ConsumeResult<string, byte[]>> Read(string topic)
    {
        using var admin = new AdminClientBuilder(log.Kafka.ClientProperties).Build();
        var known = admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Find(each => each.Topic == topic);
        if (known is null)
            return [];
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig(log.Kafka.ClientProperties)
        {
            GroupId = "test.samples", EnableAutoCommit = false, EnablePartitionEof = true, IsolationLevel = IsolationLevel.ReadCommitted,
        }).Build();
        consumer.Assign(known.Partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var records = new List<ConsumeResult<string, byte[]>>();
        for (var ended = 0; ended < known.Partitions.Count;)
        {
            var record = consumer.Consume(Cancelled);
            if (record.IsPartitionEOF)
                ended++;
            else
                records.Add(record);
        }

        return records;
    }

    private static string Url(NpgsqlConnectionStringBuilder builder) =>
        $"postgresql://{builder.Host}:{builder.Port}/{builder.Database}?user={builder.Username}&password={Uri.EscapeDataString(builder.Password ?? "")}";

    /// <summary>In its own folder, built as this test was.</summary>
    private static string Program(string assembly) =>
        Path.Combine(Root, "artifacts", "bin", assembly, new DirectoryInfo(AppContext.BaseDirectory).Name, assembly + ".dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Commerce.Streaming.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("not below the repository");
        return folder.FullName;
    }
}
