using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Verification.Drain;
using Confluent.Kafka;
using Dapper;
using Npgsql;

[assembly: AssemblyFixture(typeof(KafkaFixture))]

namespace Commerce.Streaming.Verification.Tests;

/// <summary>On a real broker: whether everything has been read is a matter of records, not of offsets.</summary>
public sealed class DrainProbeTests(KafkaFixture kafka, PostgresFixture postgres) : IAsyncLifetime
{
    private const string Claims = "commerce.inventory-sync.claims";
    private static readonly TopicPartition Completed = new(Topics.OrdersCompleted.Name, 0);
    private string _address = "";
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        var url = await postgres.CreateDatabaseAsync("drain");
        _address = new NpgsqlConnectionStringBuilder(PostgresFixture.ConnectionStringOf(url)) { SearchPath = "warehouse" }.ConnectionString;
        _database = NpgsqlDataSource.Create(_address);
        await using var connection = await _database.OpenConnectionAsync();
        await PerfectWarehouse.MigrateAsync(connection);
    }

    [Fact]
    public async Task Groups_are_done_when_only_transaction_markers_are_left()
    {
        var before = await LookAsync();
        before.Drained.ShouldBeTrue("nothing has been sent");

        var last = SendInTransaction(2);
        (await LookAsync()).Behind.Keys.ShouldBe([Claims, Pipelines.Warehouse], ignoreOrder: true);

        // What follows the last record is the marker of the commit, which no consumer ever sees.
        CommitInKafka(last.Offset + 1);
        var claimed = await LookAsync();
        claimed.Behind.Keys.ShouldBe([Pipelines.Warehouse]);

        await CommitInPostgresAsync(last.Offset.Value);
        (await LookAsync()).Behind.Keys.ShouldBe([Pipelines.Warehouse], "one record is left");
        await CommitInPostgresAsync(last.Offset.Value + 1);
        var after = await LookAsync();
        after.Drained.ShouldBeTrue();
        after.Produced.ShouldBeGreaterThan(before.Produced);

        using var open = OpenTransaction();
        (await LookAsync()).Drained.ShouldBeFalse("a transaction is under way");
        open.AbortTransaction(TimeSpan.FromSeconds(10));
        (await LookAsync()).Drained.ShouldBeTrue("what was aborted is no record");
    }

    [Fact]
    public async Task A_database_that_drops_its_connections_is_asked_again()
    {
        await LookAsync();
        await using (var other = NpgsqlDataSource.Create(_address))
        await using (var connection = await other.OpenConnectionAsync(TestContext.Current.CancellationToken))
            (await connection.QueryAsync<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")).ShouldNotBeEmpty();

        (await LookAsync()).ShouldNotBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    private async Task<DrainStatus> LookAsync()
    {
        using var probe = new DrainProbe(kafka.ClientProperties, _database);
        return await probe.LookAsync(TestContext.Current.CancellationToken);
    }

    private TopicPartitionOffset SendInTransaction(int records)
    {
        using var producer = OpenTransaction(records, out var last);
        producer.CommitTransaction(TimeSpan.FromSeconds(10));
        return last();
    }

    private IProducer<string, byte[]> OpenTransaction() => OpenTransaction(1, out _);

    private IProducer<string, byte[]> OpenTransaction(int records, out Func<TopicPartitionOffset> last)
    {
        var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = kafka.BootstrapServers, TransactionalId = $"drain-{Guid.NewGuid():N}" }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(10));
        producer.BeginTransaction();
        TopicPartitionOffset? delivered = null;
        for (var i = 0; i < records; i++)
            producer.Produce(Completed, new Message<string, byte[]> { Key = "k", Value = [0] }, report => delivered = report.TopicPartitionOffset);
        producer.Flush(TimeSpan.FromSeconds(10));
        last = () => delivered!;
        return producer;
    }

    private void CommitInKafka(Offset next)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = kafka.BootstrapServers, GroupId = Claims }).Build();
        consumer.Commit([new TopicPartitionOffset(Completed, next)]);
    }

    private async Task CommitInPostgresAsync(long next)
    {
        await using var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO sink_offsets VALUES (@group, @topic, 0, @next) ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET next_offset = @next",
            new { group = Pipelines.Warehouse, topic = Completed.Topic, next });
    }
}
