using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Commerce.Streaming.Consent.Tests;

/// <summary>
/// Apache Kafka that knows its clients by certificate and lets nobody do more than k8s/base/users.yaml says, and a registry behind TLS
/// of an authority of its own that asks for a password.
/// </summary>
public sealed partial class MutualTlsKafkaTests(KafkaFixture registry)
{
    private const string Users = "k8s/base/users.yaml";
    private const string RegistryUser = "commerce:p@ss";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provisioning_and_a_service_work_with_a_certificate_each_and_the_rights_of_the_manifest()
    {
        Assert.SkipWhen(TestEnvironment.KafkaHome is null, "COMMERCE_TEST_KAFKA_HOME, a folder with bin/kafka-start, is not set");
        var folder = new ThrowawayFolder("commerce-test-mutual-kafka");
        using var authority = new CertificateAuthority(folder.Child("tls"));
        // The start script makes a certificate of its own unless this one is there, and trusts ca.pem for clients too.
        File.Copy(authority.Issue("broker").StoreFile, Path.Combine(folder.Path, "tls", "kafka.p12"));
        await using var kafka = await ServerScript.StartAsync(TestEnvironment.KafkaHome!, "kafka", folder,
        [
            "--port", LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture), "--tls",
            "--set", "ssl.client.auth=required",
            "--set", "ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/",
            "--set", "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "--set", "super.users=User:broker;User:ANONYMOUS;User:administrator",
            "--set", "allow.everyone.if.no.acl.found=false",
        ]);
        using (var admin = new AdminClientBuilder(As("administrator").ToClientProperties()).Build())
            await admin.CreateAclsAsync([.. AclsOfTheManifest()], new CreateAclsOptions { RequestTimeout = TimeSpan.FromSeconds(20) });
        await AllowTransactionsAsync(kafka.Address, authority, folder);
        await using var secured = await SecuredRegistryAsync(authority);

        var services = As("commerce-services");
        using (var notAllowed = new Provisioner(services.ToClientProperties(), registry.RegistryProperties))
            await Should.ThrowAsync<ProvisioningException>(async () => await notAllowed.ProvisionAsync(Topics.All, Token));
        // The job itself, for what OpenSSL trusts is read when a process starts.
        (await ProvisionAsync(secured.Urls.Single(), "commerce:wrong", authority)).ShouldBe(1);
        (await ProvisionAsync(secured.Urls.Single(), RegistryUser, authority)).ShouldBe(0);

        await using var app = await ConsentServer.StartAsync(registry, new()
        {
            ["Kafka:BootstrapServers"] = services.BootstrapServers,
            ["Kafka:SecurityProtocol"] = services.SecurityProtocol,
            ["Kafka:SslCaLocation"] = services.SslCaLocation,
            ["Kafka:SslCertificateLocation"] = services.SslCertificateLocation,
            ["Kafka:SslKeyLocation"] = services.SslKeyLocation,
        });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var decision = new StringContent("""{"subject":{"anonymousId":"a"},"purposes":{"analytics":true}}""", Encoding.UTF8, "application/json");
        (await client.PostAsync("/v1/decisions", decision, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(Token);

        Task<int> ProvisionAsync(string registryUrl, string basicAuth, CertificateAuthority trusted)
        {
            var job = As("commerce-provision");
            var assembly = Path.Combine(AppContext.BaseDirectory, "../../Commerce.Streaming.Provision", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Commerce.Streaming.Provision.dll");
            return ChildProcesses.RunAsync(new ChildCommand("dotnet", [assembly])
            {
                Environment = new Dictionary<string, string?>
                {
                    ["Kafka__BootstrapServers"] = job.BootstrapServers,
                    ["Kafka__SecurityProtocol"] = job.SecurityProtocol,
                    ["Kafka__SslCaLocation"] = job.SslCaLocation,
                    ["Kafka__SslCertificateLocation"] = job.SslCertificateLocation,
                    ["Kafka__SslKeyLocation"] = job.SslKeyLocation,
                    ["SchemaRegistry__Url"] = registryUrl,
                    ["SchemaRegistry__BasicAuth"] = basicAuth,
                    ["SSL_CERT_DIR"] = Path.GetDirectoryName(trusted.CaFile),
                },
            }, Token);
        }

        KafkaOptions As(string name)
        {
            var certificate = authority.Issue(name);
            return new KafkaOptions
            {
                BootstrapServers = kafka.Address, SecurityProtocol = "SSL", SslCaLocation = authority.CaFile,
                SslCertificateLocation = certificate.CertificateFile, SslKeyLocation = certificate.KeyFile,
            };
        }
    }

    /// <summary>A server of its own with TLS and a password before the registry of the other tests.</summary>
    private async Task<WebApplication> SecuredRegistryAsync(CertificateAuthority authority)
    {
        var certificate = authority.Issue("registry");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate.StoreFile, IssuedCertificate.StorePassword)));
        var app = builder.Build();
        var http = new HttpClient { BaseAddress = new Uri(registry.RegistryUrl.TrimEnd('/') + "/") };
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(RegistryUser));
        app.Run(async context =>
        {
            if (context.Request.Headers.Authorization != expected)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path.Value!.TrimStart('/') + context.Request.QueryString);
            if (context.Request.ContentLength > 0)
            {
                request.Content = new StreamContent(context.Request.Body);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            }

            using var answer = await http.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await app.StartAsync(Token);
        return app;
    }

    /// <summary>The client library has no word for rights to transactional ids; Kafka's own tool has.</summary>
    private static async Task AllowTransactionsAsync(string brokers, CertificateAuthority authority, ThrowawayFolder folder)
    {
        var certificate = authority.Issue("administrator");
        var settings = Path.Combine(folder.Path, "administrator.properties");
        await File.WriteAllTextAsync(settings, $"""
            security.protocol=SSL
            ssl.truststore.type=PEM
            ssl.truststore.location={authority.CaFile}
            ssl.keystore.type=PKCS12
            ssl.keystore.location={certificate.StoreFile}
            ssl.keystore.password={IssuedCertificate.StorePassword}
            ssl.key.password={IssuedCertificate.StorePassword}
            """, Token);
        var code = await ChildProcesses.RunAsync(new ChildCommand(Path.Combine(TestEnvironment.KafkaHome!, "bin", "kafka-tool"),
        [
            "acls", "--bootstrap-server", brokers, "--command-config", settings, "--add", "--force", "--allow-principal", "User:commerce-services",
            "--operation", "Write", "--operation", "Describe", "--transactional-id", "commerce.", "--resource-pattern-type", "prefixed",
        ]), Token);
        code.ShouldBe(0);
    }

    private static IEnumerable<AclBinding> AclsOfTheManifest()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, Users)))
            root = Path.GetDirectoryName(root)!;
        foreach (var user in File.ReadAllText(Path.Combine(root, Users)).Split("kind: KafkaUser").Skip(1))
        {
            var name = UserName().Match(user).Groups["name"].Value;
            foreach (Match acl in Acl().Matches(user))
            {
                if (acl.Groups["type"].Value == "transactionalId")
                    continue;
                var type = acl.Groups["type"].Value switch
                {
                    "topic" => ResourceType.Topic, "group" => ResourceType.Group, _ => ResourceType.Broker,
                };
                foreach (var operation in acl.Groups["operations"].Value.Split(", "))
                {
                    yield return new AclBinding
                    {
                        Pattern = new ResourcePattern
                        {
                            Type = type,
                            Name = type == ResourceType.Broker ? "kafka-cluster" : acl.Groups["name"].Value,
                            ResourcePatternType = acl.Groups["prefix"].Success ? ResourcePatternType.Prefixed : ResourcePatternType.Literal,
                        },
                        Entry = new AccessControlEntry { Principal = "User:" + name, Host = "*", Operation = Enum.Parse<AclOperation>(operation), PermissionType = AclPermissionType.Allow },
                    };
                }
            }
        }
    }

    [GeneratedRegex(@"^  name: (?<name>\S+)$", RegexOptions.Multiline)]
    private static partial Regex UserName();

    [GeneratedRegex(@"resource: \{ type: (?<type>\w+)(, name: (?<name>[\w.]+))?(?<prefix>, patternType: prefix)? \}\s+operations: \[(?<operations>[^\]]+)\]")]
    private static partial Regex Acl();
}
