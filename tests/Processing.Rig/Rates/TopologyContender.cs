using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>Runs a topology as a service would, and takes the time from its first record to its last.</summary>
internal sealed class TopologyContender(RigOptions options)
{
    private readonly RecordClock _clock = new(options.Records);

    /// <summary>Called by the topology's handler with each record.</summary>
    public void Saw() => _clock.Saw();

    public async Task<TimeSpan> RunAsync(Topology topology)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = options.Bootstrap,
            ["SchemaRegistry:Url"] = options.Registry,
            ["Redis:Url"] = options.Redis,
        });
        builder.Logging.AddFilter(level => level >= LogLevel.Warning).AddConsole();
        builder.Services.AddTopology(topology);
        using var host = builder.Build();
        await host.StartAsync();
        await _clock.Done;
        await host.StopAsync();
        return _clock.Elapsed;
    }
}
