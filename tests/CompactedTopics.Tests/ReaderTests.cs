using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(KafkaFixture))]

namespace Commerce.Streaming.CompactedTopics.Tests;

public sealed class ReaderTests(KafkaFixture kafka)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_ready_when_it_has_read_everything_and_not_ready_when_it_no_longer_knows()
    {
        await using var folder = new ThrowawayFolder("commerce-test-broker");
        var broker = await LocalBrokerServer.StartAsync(new LocalBrokerOptions { DataDirectory = folder.Path }, Token);
        using (var provisioner = new Provisioner(new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServers }, kafka.RegistryProperties))
            await provisioner.ProvisionAsync(Topics.All, Token);
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults("test");
        builder.Configuration.AddInMemoryCollection(kafka.ServiceSettings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = broker.BootstrapServers,
            ["CompactedTopics:StaleSecondsMax"] = "1",
        });
        builder.Logging.ClearProviders();
        builder.AddCompactedView<ConsentDecided, Nothing>(Topics.ConsentDecisions);
        await using var app = builder.Build();
        var reader = app.Services.GetRequiredService<CompactedTopicReader<ConsentDecided>>();
        reader.ReasonNotReady.ShouldNotBeNull();
        await reader.StartAsync(Token);
        await reader.CaughtUp.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await broker.DisposeAsync();
        while (reader.ReasonNotReady is null)
            await Task.Delay(50, Token);
        reader.ReasonNotReady.ShouldContain("has not been read to its end");
        reader.ReasonNotLive.ShouldBeNull();
        await reader.StopAsync(Token);
    }

    internal sealed class Nothing : ICompactedView<ConsentDecided>
    {
        public void Apply(string key, ConsentDecided? value)
        {
        }
    }
}
