namespace Commerce.Streaming.LocalRegistry.Tests;

public sealed class LocalRegistryConformance(LocalRegistryUnderTest registry) : RegistryConformance(registry), IClassFixture<LocalRegistryUnderTest>;

public sealed class RealRegistryConformance(RealRegistryUnderTest registry) : RegistryConformance(registry), IClassFixture<RealRegistryUnderTest>;

public sealed class LocalRegistryUnderTest : RegistryUnderTest, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalRegistryServer? _server;
    private RegistryCaller? _caller;

    public override string? Unavailable => null;

    public override RegistryCaller Caller => _caller!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        _caller = new RegistryCaller(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _caller?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A running registry with Confluent's API, global level BACKWARD, named by COMMERCE_TEST_SCHEMA_REGISTRY_URL.</summary>
public sealed class RealRegistryUnderTest : RegistryUnderTest, IDisposable
{
    private const string Variable = "COMMERCE_TEST_SCHEMA_REGISTRY_URL";

    private readonly string? _url = Environment.GetEnvironmentVariable(Variable);
    private RegistryCaller? _caller;

    public override string? Unavailable => string.IsNullOrEmpty(_url) ? $"{Variable} does not name a running registry" : null;

    public override RegistryCaller Caller => _caller ??= new RegistryCaller(_url!);

    /// <summary>As seen with Apicurio Registry 3.0.9.</summary>
    public override IReadOnlyDictionary<string, string> Divergences { get; } = new Dictionary<string, string>();

    public void Dispose() => _caller?.Dispose();
}
