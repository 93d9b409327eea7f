using Commerce.Streaming.Provisioning;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>
/// A broker that hung makes a second member of a join that its static member has given up: the name is lost to nobody. That is another
/// matter than a second process of the same name, and looks the same at first.
/// </summary>
public sealed class LostNameTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private const string Instance = "a";
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_topology_whose_name_was_taken_takes_it_back_once_and_ends_when_it_is_taken_again()
    {
        var counting = new CountingTopology($"test.name-{Guid.NewGuid():N}");
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([.. counting.Build().AllTopics], Token);
        using var host = Build(counting);
        await host.StartAsync(Token);
        var topology = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await UntilAsync(health, HealthStatus.Healthy, topology);

        Take(counting.Build());
        await UntilAsync(health, HealthStatus.Unhealthy, topology);
        await UntilAsync(health, HealthStatus.Healthy, topology);

        Take(counting.Build());
        (await Should.ThrowAsync<TopologyFailedException>(topology.ExecuteTask!.WaitAsync(WaitMax, Token))).Message.ShouldContain("another process runs under our name");
    }

    /// <summary>Joins under the topology's name, and is gone without a word.</summary>
    private void Take(Topology topology)
    {
        using var shadow = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(kafka.ClientProperties)
        {
            GroupId = topology.GroupId,
            GroupInstanceId = topology.GroupId + "." + Instance,
            EnableAutoCommit = false,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        shadow.Subscribe(topology.Inputs.Select(input => input.Topic.Name));
        using var limit = new CancellationTokenSource(WaitMax);
        while (shadow.Assignment.Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            shadow.Consume(TimeSpan.FromMilliseconds(20));
        }
    }

    private IHost Build(CountingTopology counting)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(kafka.ServiceSettings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Processing:InstanceId"] = Instance, ["Processing:SessionTimeout"] = "00:00:06", ["Processing:RebuildWaitMin"] = "00:00:00.100",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddTopology(counting.Build());
        return builder.Build();
    }

    private static async Task UntilAsync(HealthCheckService health, HealthStatus status, BackgroundService topology)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while ((await health.CheckHealthAsync(limit.Token)).Status != status)
        {
            topology.ExecuteTask!.IsCompleted.ShouldBeFalse(topology.ExecuteTask.Exception?.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }
}
