using System.Globalization;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Deployment.Kubernetes;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.LocalRegistry;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Cli.Tests.Letters;

/// <summary>
/// Apache Kafka with SCRAM over TLS that wants a certificate from every client and refuses what no ACL allows; a user with the operator's
/// rights; the catalogue's topics; and a registry.
/// </summary>
internal sealed class SecuredKafka : IAsyncDisposable
{
    private const string OperatorName = "operator";
    private const string OperatorPassword = "operator-secret";
    private readonly List<IAsyncDisposable> _parts = [];

    private SecuredKafka(KafkaOptions services, KafkaOptions asOperator, string registry) => (Services, Operator, RegistryUrl) = (services, asOperator, registry);

    /// <summary>How services reach it: a user who may do everything.</summary>
    public KafkaOptions Services { get; }

    /// <summary>How an operator reaches it.</summary>
    public KafkaOptions Operator { get; }

    public string RegistryUrl { get; }

    public static async Task<SecuredKafka> StartAsync(string kafkaHome, CancellationToken cancellation)
    {
        var folder = new ThrowawayFolder("commerce-test-operator-kafka");
        var tls = Path.Combine(folder.Path, "tls");
        using var authority = new CertificateAuthority(tls);
        // The start script takes the broker's key from here when it is there, and trusts who has a certificate of tls/ca.pem.
        File.Copy(authority.Issue("broker").StoreFile, Path.Combine(tls, "kafka.p12"));
        var certificate = authority.Issue(OperatorName);
        var kafka = await ServerScript.StartAsync(kafkaHome, "kafka", folder,
        [
            "--port", LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture), "--sasl", "--tls",
            "--set", "allow.everyone.if.no.acl.found=false", "--set", "listener.name.client.ssl.client.auth=required",
        ]);
        KafkaOptions As(string user, string password) => new()
        {
            BootstrapServers = kafka.Address, SecurityProtocol = "SASL_SSL", SaslMechanism = "SCRAM-SHA-256", SaslUsername = user, SaslPassword = password,
            SslCaLocation = authority.CaFile, SslCertificateLocation = certificate.CertificateFile, SslKeyLocation = certificate.KeyFile,
        };
        var registryFolder = new ThrowawayFolder("commerce-test-operator-registry");
        var registry = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = registryFolder.Path }, cancellation);
        var secured = new SecuredKafka(As("commerce", "commerce"), As(OperatorName, OperatorPassword), registry.Url.ToString());
        secured._parts.AddRange([kafka, registry, registryFolder]);
        using (var provisioner = new Provisioner(secured.Services.ToClientProperties(), new Dictionary<string, string> { ["schema.registry.url"] = secured.RegistryUrl }))
            await provisioner.ProvisionAsync(Topics.All, cancellation);
        await secured.GrantAsync();
        return secured;
    }

    /// <summary>The variables that services and commands take.</summary>
    public static Dictionary<string, string> Variables(KafkaOptions options) => new()
    {
        ["Kafka__SecurityProtocol"] = options.SecurityProtocol, ["Kafka__SaslMechanism"] = options.SaslMechanism,
        ["Kafka__SaslUsername"] = options.SaslUsername, ["Kafka__SaslPassword"] = options.SaslPassword,
        ["Kafka__SslCaLocation"] = options.SslCaLocation, ["Kafka__SslCertificateLocation"] = options.SslCertificateLocation, ["Kafka__SslKeyLocation"] = options.SslKeyLocation,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
            await part.DisposeAsync();
    }

    private async Task GrantAsync()
    {
        using var admin = new AdminClientBuilder(Services.ToClientProperties()).Build();
        await admin.AlterUserScramCredentialsAsync(
        [
            new UserScramCredentialUpsertion
            {
                User = OperatorName, Password = System.Text.Encoding.UTF8.GetBytes(OperatorPassword),
                ScramCredentialInfo = new ScramCredentialInfo { Mechanism = ScramMechanism.ScramSha256, Iterations = 4096 },
            },
        ]);
        await admin.CreateAclsAsync(OperatorRights.Of(Topics.All).SelectMany(right => right.Operations.Select(operation => new AclBinding
        {
            Pattern = new ResourcePattern { Type = Enum.Parse<ResourceType>(right.Resource, ignoreCase: true), Name = right.Name, ResourcePatternType = ResourcePatternType.Literal },
            Entry = new AccessControlEntry { Principal = $"User:{OperatorName}", Host = "*", Operation = Enum.Parse<AclOperation>(operation), PermissionType = AclPermissionType.Allow },
        })));
    }
}
