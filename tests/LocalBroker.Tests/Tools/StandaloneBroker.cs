namespace Commerce.Streaming.LocalBroker.Tests.Tools;

/// <summary>A broker in a process of its own, as <c>./commerce broker</c> runs it, for programs that are not of this repository.</summary>
public sealed class StandaloneBroker : BrokerClients, IAsyncLifetime
{
    private readonly string _directory = TestBroker.NewDirectory();
    private BrokerProcess? _process;

    public override string Address => _process!.Address;

    public async ValueTask InitializeAsync() => _process = await BrokerProcess.StartAsync(_directory);

    public async ValueTask DisposeAsync()
    {
        await _process!.KillAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
