using Commerce.Streaming.LocalPostgres;
using Testcontainers.PostgreSql;
using Testcontainers.Redis;

namespace Commerce.Streaming.Testing.Containers;

/// <summary>Redis and PostgreSQL in containers.</summary>
internal static class StoreContainers
{
    public static Task<RedisContainer> StartRedisAsync() =>
        ContainerStart.RunAsync(ContainerImages.Redis, () => new RedisBuilder(ContainerImages.Redis).Build());

    /// <summary>A server for this run alone: writes need not survive a power cut.</summary>
    public static Task<PostgreSqlContainer> StartPostgresAsync() =>
        ContainerStart.RunAsync(ContainerImages.Postgres, () => new PostgreSqlBuilder(ContainerImages.Postgres)
            .WithUsername(PostgresNames.Admin)
            .WithCommand("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
            .Build());
}
