using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>Runs a topology as a service would, and takes the time from its first record to its last.</summary>
internal sealed class TopologyContender(RigOptions options)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = new();
    private int _seen;

    /// <summary>Called by the topology's handler with each record.</summary>
    public void Saw()
    {
        if (_seen++ == 0)
            _clock.Start();
        if (_seen == options.Records)
        {
            _clock.Stop();
            _done.TrySetResult();
        }
    }

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
        await _done.Task;
        await host.StopAsync();
        return _clock.Elapsed;
    }
}
