using Commerce.Streaming.LocalPostgres.Tests;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Commerce.Streaming.LocalPostgres.Tests;

/// <summary>One throwaway server for all tests of this assembly.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public LocalPostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await LocalPostgresServer.StartAsync(new LocalPostgresOptions(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
