using System.Globalization;
using System.Net;
using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Consent.Tests;

/// <summary>Apache Kafka that asks for a password over TLS: every kind of client there is (admin, consumer, producer, transactions) speaks to it.</summary>
public sealed class SecuredKafkaTests(KafkaFixture registry)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_decision_passes_provisioning_pipeline_and_reader_over_sasl_and_tls()
    {
        Assert.SkipWhen(TestEnvironment.KafkaHome is null, "COMMERCE_TEST_KAFKA_HOME, a folder with bin/kafka-start, is not set");
        var folder = new ThrowawayFolder("commerce-test-secured-kafka");
        await using var kafka = await ServerScript.StartAsync(
            TestEnvironment.KafkaHome!, "kafka", folder, ["--port", LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture), "--sasl", "--tls"]);
        var options = new KafkaOptions
        {
            BootstrapServers = kafka.Address, SecurityProtocol = "SASL_SSL", SaslMechanism = "SCRAM-SHA-256", SaslUsername = "commerce", SaslPassword = "commerce",
            SslCaLocation = Path.Combine(folder.Path, "tls", "ca.pem"),
        };
        using (var provisioner = new Provisioner(options.ToClientProperties(), registry.RegistryProperties))
            await provisioner.ProvisionAsync(Topics.All, Token);

        await using var app = await ConsentServer.StartAsync(registry, new()
        {
            ["Kafka:BootstrapServers"] = options.BootstrapServers,
            ["Kafka:SecurityProtocol"] = options.SecurityProtocol,
            ["Kafka:SaslMechanism"] = options.SaslMechanism,
            ["Kafka:SaslUsername"] = options.SaslUsername,
            ["Kafka:SaslPassword"] = options.SaslPassword,
            ["Kafka:SslCaLocation"] = options.SslCaLocation,
        });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var decision = new StringContent("""{"subject":{"anonymousId":"a"},"purposes":{"analytics":true}}""", Encoding.UTF8, "application/json");
        (await client.PostAsync("/v1/decisions", decision, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(Token);
    }
}
