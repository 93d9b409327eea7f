using Commerce.Streaming.Testing;
using Npgsql;
using StackExchange.Redis;

namespace Commerce.Streaming.Provisioning.Tests;

/// <summary>The servers that other test assemblies stand on do what is expected of them.</summary>
public sealed class FixtureTests(RedisFixture redis, PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_runs_scripts_and_can_be_emptied()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var database = connection.GetDatabase();
        var result = await database.ScriptEvaluateAsync("redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])", ["fixture"], ["value"]);
        ((string?)result).ShouldBe("value");
        await redis.FlushAsync();
        (await database.KeyExistsAsync("fixture")).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_database_is_new_and_has_the_schema()
    {
        var first = await postgres.CreateDatabaseAsync("fixture", Token);
        var second = await postgres.CreateDatabaseAsync("fixture", Token);
        first.ShouldNotBe(second);
        await using var source = NpgsqlDataSource.Create(PostgresFixture.ConnectionStringOf(second));
        await using var command = source.CreateCommand("CREATE TABLE warehouse.fixture (id int)");
        await command.ExecuteNonQueryAsync(Token);
    }
}
