using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>Runs a topology as a service would, and takes the time from its first record to its last.</summary>
internal static class TopologyContender
{
    /// <param name="store">Null: nothing is kept, as in the raw loop.</param>
    /// <param name="isViewed">The store is shown in Redis.</param>
    public static Task<TimeSpan> RunAsync(
        RigOptions options, Topic<Tally> input, Topic<Tally> output, Topic<DeadLetter> deadLetters, Store<Tally>? store, bool isViewed)
    {
        var clock = new RecordClock(options.Records);
        var topology = Topology.Named(output.Name).To(output).DeadLettersTo(deadLetters);
        if (store is null)
        {
            topology.From(input, (record, context) =>
            {
                clock.Saw();
                context.Send(output, record.Key, Tally.Of(record.Value.Count + 1, record.Value.Note));
            });
            return RunAsync(options, topology, clock);
        }

        topology.WithState(store).From(input, (record, context) =>
        {
            clock.Saw();
            var count = (context.Get(store, record.Key)?.Count ?? 0) + 1;
            context.Put(store, record.Key, Tally.Of(count));
            context.Send(output, record.Key, Tally.Of(count));
        });
        if (isViewed)
        {
            topology.ViewedIn(RedisView.AsHash(
                store, input.Name + ":", (_, tally) => [new("count", tally.Count.ToString(CultureInfo.InvariantCulture))]));
        }

        return RunAsync(options, topology, clock);
    }

    private static async Task<TimeSpan> RunAsync(RigOptions options, Topology topology, RecordClock clock)
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
        await clock.Done;
        await host.StopAsync();
        return clock.Elapsed;
    }
}
