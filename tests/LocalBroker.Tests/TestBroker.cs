namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>A LocalBroker in this process with its own folder, for what is of its own: options, restarts, files.</summary>
public sealed class TestBroker : BrokerClients, IAsyncDisposable
{
    private readonly bool _keepFolder;

    private TestBroker(LocalBrokerServer server, string directory, bool keepFolder)
    {
        (Server, Directory, _keepFolder) = (server, directory, keepFolder);
    }

    public LocalBrokerServer Server { get; }

    public string Directory { get; }

    public override string Address => Server.BootstrapServers;

    public static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("broker-").FullName;

    /// <summary>Starts a broker; its folder is deleted at its end unless another broker is to follow in it.</summary>
    public static async Task<TestBroker> StartAsync(
        string? directory = null, Func<LocalBrokerOptions, LocalBrokerOptions>? with = null, bool keepFolder = false)
    {
        var folder = directory ?? NewDirectory();
        var options = new LocalBrokerOptions { DataDirectory = folder, GroupMinSessionTimeout = TimeSpan.FromMilliseconds(200) };
        return new TestBroker(await LocalBrokerServer.StartAsync(with?.Invoke(options) ?? options, Ended), folder, keepFolder);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (!_keepFolder)
            System.IO.Directory.Delete(Directory, recursive: true);
    }
}
