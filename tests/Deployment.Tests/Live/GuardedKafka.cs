using System.Globalization;
using System.Text;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>An Apache Kafka where the KafkaUser of a manifest has its rights, the administrator all, and nobody else any.</summary>
internal sealed class GuardedKafka : IAsyncDisposable
{
    public const string MirrorUser = "mirror";
    private const string Administrator = "commerce";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ServerScript _server;

    private GuardedKafka(ServerScript server)
    {
        _server = server;
        Admin = new AdminClientBuilder(As(Administrator)).Build();
    }

    public string Address => _server.Address;

    public IAdminClient Admin { get; }

    public static async Task<GuardedKafka> StartAsync(string users)
    {
        var server = await ServerScript.StartAsync(TestEnvironment.KafkaHome!, "kafka", new ThrowawayFolder("commerce-test-guarded-kafka"),
        [
            "--port", LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture), "--controller-port", LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture), "--sasl",
            "--set", "allow.everyone.if.no.acl.found=false", "--set", "auto.create.topics.enable=false",
        ]);
        var kafka = new GuardedKafka(server);
        await kafka.Admin.AlterUserScramCredentialsAsync([new UserScramCredentialUpsertion
        {
            User = MirrorUser, Password = Encoding.UTF8.GetBytes(MirrorUser),
            ScramCredentialInfo = new ScramCredentialInfo { Mechanism = ScramMechanism.ScramSha256, Iterations = 4096 },
        }]);
        await kafka.Admin.CreateAclsAsync([.. Manifest.Acls(Manifest.Single(users, "KafkaUser"))]);
        return kafka;
    }

    public async Task ProduceAsync(string topic, int records, string user = Administrator)
    {
        using var producer = new ProducerBuilder<Null, string>(As(user)).Build();
        for (var each = 0; each < records; each++)
            await producer.ProduceAsync(new TopicPartition(topic, each % 2), new Message<Null, string> { Value = "x" });
    }

    public void Commit(string group, string topic, long offset)
    {
        using var consumer = Consumer(group);
        consumer.Commit([new TopicPartitionOffset(topic, 0, offset), new TopicPartitionOffset(topic, 1, offset)]);
    }

    public IReadOnlyList<long> Committed(string group, string topic, int partitions)
    {
        using var consumer = Consumer(group);
        return [.. consumer.Committed([.. Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition))], Patience).Select(each => each.Offset.Value)];
    }

    /// <summary>Offsets that are taken; none where there is no such topic.</summary>
    public long Held(string topic)
    {
        using var consumer = Consumer("commerce.test");
        return Enumerable.Range(0, Partitions(topic)).Sum(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Patience).High.Value);
    }

    public int Partitions(string topic) => Admin.GetMetadata(Patience).Topics.SingleOrDefault(each => each.Topic == topic)?.Partitions.Count ?? 0;

    public async Task<string?> SettingAsync(string topic, string name) =>
        (await Admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }])).Single().Entries[name].Value;

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _server.DisposeAsync();
    }

    private IConsumer<byte[], byte[]> Consumer(string group) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(As(Administrator)) { GroupId = group, EnableAutoCommit = false }).Build();

    private ClientConfig As(string user) => new()
    {
        BootstrapServers = Address, SecurityProtocol = SecurityProtocol.SaslPlaintext, SaslMechanism = SaslMechanism.ScramSha256, SaslUsername = user, SaslPassword = user,
    };
}
