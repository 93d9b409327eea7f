using Commerce.Streaming.Provisioning;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Processing.Tests.Kafka;

public sealed class HostTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_waits_for_its_topics_says_so_and_is_ready_when_they_are_there()
    {
        var counting = new CountingTopology($"test.host-{Guid.NewGuid():N}");
        using var host = Build(counting);
        await host.StartAsync(CancellationToken.None);
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await WaitForAsync(health, HealthStatus.Unhealthy, "does not exist");

        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([.. counting.Build().AllTopics]);

        await WaitForAsync(health, HealthStatus.Healthy, reason: null);
        await host.StopAsync(CancellationToken.None);
        (await health.CheckHealthAsync(CancellationToken.None)).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Topics_that_are_not_co_partitioned_stop_the_host()
    {
        // The catalogue says three; the broker has two.
        var prefix = $"test.host-{Guid.NewGuid():N}";
        var counting = new CountingTopology(prefix);
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([counting.Input, counting.Output, counting.DeadLetters, new CountingTopology(prefix, partitions: 2).Counts.Changelog]);
        using var host = Build(counting);
        await host.StartAsync(CancellationToken.None);

        var service = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single();
        (await Should.ThrowAsync<TopologyException>(service.ExecuteTask!.WaitAsync(WaitMax))).Message.ShouldContain("they must be equal");
    }

    [Fact]
    public void Limits_that_contradict_each_other_are_refused_at_the_start()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Processing:CommitInterval"] = "00:05:00",
            ["Processing:Topologies:limits:CommitLinger"] = "-00:00:01",
        }).Build());
        services.AddTopology("limits", _ => new CountingTopology("limits").Build());
        using var provider = services.BuildServiceProvider();

        var failures = Should.Throw<OptionsValidationException>(
            () => provider.GetRequiredService<IOptionsMonitor<ProcessingOptions>>().Get("limits")).Failures;
        failures.ShouldContain(failure => failure.Contains("CommitInterval", StringComparison.Ordinal));
        failures.ShouldContain(failure => failure.Contains("CommitLinger", StringComparison.Ordinal));
    }

    /// <summary>The restoration's end is the high watermark: what a transaction whose marker is missing has written lies below it.</summary>
    [Fact]
    public async Task The_high_watermark_counts_records_of_open_transactions_and_the_stable_offset_does_not()
    {
        var topic = await kafka.CreateTopicAsync("watermark");
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(kafka.ClientProperties) { TransactionalId = topic }).Build();
        producer.InitTransactions(WaitMax);
        producer.BeginTransaction();
        await producer.ProduceAsync(new TopicPartition(topic, 0), new Message<byte[], byte[]> { Value = [1] });
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();

        (await EndAsync(admin, topic, IsolationLevel.ReadUncommitted)).ShouldBe(1);
        (await EndAsync(admin, topic, IsolationLevel.ReadCommitted)).ShouldBe(0);
        producer.AbortTransaction();
    }

    private static async Task<long> EndAsync(IAdminClient admin, string topic, IsolationLevel level) =>
        (await admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = OffsetSpec.Latest() }],
            new ListOffsetsOptions { IsolationLevel = level, RequestTimeout = WaitMax })).ResultInfos[0].TopicPartitionOffsetError.Offset.Value;

    private IHost Build(CountingTopology counting)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(kafka.ServiceSettings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Processing:RetryWaitMax"] = "00:00:00.100" });
        builder.Logging.ClearProviders();
        builder.Services.AddTopology(counting.Build());
        return builder.Build();
    }

    private static async Task WaitForAsync(HealthCheckService health, HealthStatus status, string? reason)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (true)
        {
            var report = await health.CheckHealthAsync(CancellationToken.None);
            var described = report.Entries.Values.Select(entry => entry.Description).OfType<string>().FirstOrDefault();
            if (report.Status == status && (reason is null || described?.Contains(reason, StringComparison.Ordinal) == true))
                return;
            limit.IsCancellationRequested.ShouldBeFalse($"{report.Status}: {described}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }
}
