using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Cli.Tests.Letters;

/// <summary>
/// The same on Apache Kafka that asks for a password and a certificate and allows nothing that was not granted: the operator has the rights of
/// k8s/base/operator.yaml and no others.
/// </summary>
public sealed class SecuredLetterTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task An_operator_with_the_rights_of_the_manifest_does_the_same_over_sasl_tls_and_a_client_certificate()
    {
        Assert.SkipWhen(TestEnvironment.KafkaHome is null, "COMMERCE_TEST_KAFKA_HOME, a folder with bin/kafka-start, is not set");
        await using var kafka = await SecuredKafka.StartAsync(TestEnvironment.KafkaHome!, TestContext.Current.CancellationToken);
        await using var scene = await LetterScene.BeginAsync(
            kafka.Services.ToClientProperties(), kafka.RegistryUrl,
            [
                .. SecuredKafka.Variables(kafka.Services).Select(each => KeyValuePair.Create(each.Key, (string?)each.Value)),
                .. redis.ServiceSettings,
                new("Kafka:BootstrapServers", kafka.Services.BootstrapServers), new("SchemaRegistry:Url", kafka.RegistryUrl),
                new("Privacy:SealingKey", KafkaFixture.SealingKey), new("ApiAccess:Required", "false"),
            ],
            new Dictionary<string, string>(SecuredKafka.Variables(kafka.Operator)) { ["KAFKA_BOOTSTRAP"] = kafka.Operator.BootstrapServers });
        await LetterStory.RunAsync(scene);
    }
}
