using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Commerce.Streaming.ServiceDefaults.Tests;

public sealed class ConnectionOptionsTests
{
    [Fact]
    public void Postgres_url_becomes_what_npgsql_reads()
    {
        var options = new PostgresOptions { Url = "postgresql://shop%40x:p%3Aw%2Fd@db.example:6432/commerce?sslmode=verify-full&application_name=warehouse" };
        var parsed = new NpgsqlConnectionStringBuilder(options.ToConnectionString());
        parsed.Host.ShouldBe("db.example");
        parsed.Port.ShouldBe(6432);
        parsed.Username.ShouldBe("shop@x");
        parsed.Password.ShouldBe("p:w/d");
        parsed.Database.ShouldBe("commerce");
        parsed.SslMode.ShouldBe(SslMode.VerifyFull);
        parsed.ApplicationName.ShouldBe("warehouse");
    }

    [Fact]
    public void Postgres_socket_folder_and_defaults()
    {
        new NpgsqlConnectionStringBuilder(new PostgresOptions { Url = "postgres:///commerce?host=/run/pg" }.ToConnectionString()).Host.ShouldBe("/run/pg");
        var parsed = new NpgsqlConnectionStringBuilder(new PostgresOptions { Url = "postgresql://me@[::1]/" }.ToConnectionString());
        (parsed.Host, parsed.Port, parsed.Username).ShouldBe(("::1", 5432, "me"));
    }

    [Theory]
    [InlineData("Host=localhost")]
    [InlineData("postgresql://localhost/db?krbsrvname=x")]
    public void Postgres_url_that_cannot_be_honoured_is_refused(string url)
    {
        var options = new PostgresOptions { Url = url };
        options.Validate(new ValidationContext(options)).ShouldHaveSingleItem().ErrorMessage!.ShouldStartWith("Postgres:Url");
    }

    [Theory]
    [InlineData("redis://127.0.0.1:17003", 17003, null, null, null, false)]
    [InlineData("rediss://user:s%2Fcret@cache.example/3", 6379, "user", "s/cret", 3, true)]
    [InlineData("redis://:a,b=c,ssl=true@cache.example", 6379, null, "a,b=c,ssl=true", null, false)]
    public void Redis_url_becomes_what_stack_exchange_reads(
        string url, int port, string? user, string? password, int? database, bool tls)
    {
        var parsed = new RedisOptions { Url = url }.ToConfiguration();
        parsed.EndPoints.ShouldHaveSingleItem().ToString()!.ShouldEndWith($":{port}");
        (parsed.User, parsed.Password, parsed.DefaultDatabase, parsed.Ssl).ShouldBe((user, password, database, tls));
        parsed.AbortOnConnectFail.ShouldBeFalse();
    }

    [Fact]
    public void Kafka_properties_pass_through_under_names_that_a_shell_can_export()
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "k:9092",
            Client = { ["security_protocol"] = "SASL_SSL", ["sasl.username"] = "me" },
        };
        options.ToClientProperties().ShouldBe(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "k:9092",
            ["security.protocol"] = "SASL_SSL",
            ["sasl.username"] = "me",
        }, ignoreOrder: true);
    }

    [Fact]
    public void Security_settings_have_names_and_the_client_section_wins()
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "k:9093", SecurityProtocol = "SASL_SSL", SaslMechanism = "scram-sha-512", SaslUsername = "me", SaslPassword = "p,w",
            SslCaLocation = "/", Client = { ["sasl_username"] = "other" },
        };
        options.Validate(new ValidationContext(options)).ShouldBeEmpty();
        options.ToClientProperties().ShouldBe(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "k:9093",
            ["security.protocol"] = "sasl_ssl",
            ["sasl.mechanism"] = "SCRAM-SHA-512",
            ["sasl.username"] = "other",
            ["sasl.password"] = "p,w",
            ["ssl.ca.location"] = "/",
        }, ignoreOrder: true);
    }

    [Fact]
    public void Security_settings_that_do_not_go_together_are_refused()
    {
        Faults(new KafkaOptions { SecurityProtocol = "TLS" }).ShouldHaveSingleItem().ShouldContain("SASL_SSL");
        Faults(new KafkaOptions { SaslMechanism = "PLAIN" }).ShouldHaveSingleItem().ShouldContain("SecurityProtocol");
        Faults(new KafkaOptions { SecurityProtocol = "sasl_ssl", SaslMechanism = "PLAIN", SaslUsername = "me" }).ShouldHaveSingleItem().ShouldContain("SaslPassword");
        Faults(new KafkaOptions { SslCertificateLocation = "/" }).ShouldHaveSingleItem().ShouldContain("SslKeyLocation");
        Faults(new KafkaOptions { SslCaLocation = "/not/there" }).ShouldHaveSingleItem().ShouldContain("/not/there");
        Faults(new RedisOptions { Url = "redis://r", SslCaLocation = "/not/there" }).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void The_multiple_of_partitions_has_bounds(int multiple, bool holds)
    {
        var options = new KafkaOptions { BootstrapServers = "k:9092", PartitionsMultiple = multiple };
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true).ShouldBe(holds);
        faults.Select(fault => fault.ErrorMessage).ShouldBe(holds ? [] : ["Kafka:PartitionsMultiple must be 1 to 64"]);
    }

    [Fact]
    public void Passwords_may_stand_beside_the_url()
    {
        new RedisOptions { Url = "redis://r", Password = "a,b" }.ToConfiguration().Password.ShouldBe("a,b");
        new NpgsqlConnectionStringBuilder(new PostgresOptions { Url = "postgresql://me@db/x", Password = "a;b" }.ToConnectionString()).Password.ShouldBe("a;b");
    }

    private static List<string> Faults(IValidatableObject options) => [.. options.Validate(new ValidationContext(options)).Select(each => each.ErrorMessage!)];

    [Fact]
    public void Registry_credentials_are_given_only_when_set()
    {
        new SchemaRegistryOptions { Url = "http://r" }.ToClientProperties().ShouldHaveSingleItem().Value.ShouldBe("http://r");
        new SchemaRegistryOptions { Url = "http://r", BasicAuth = "a:b" }.ToClientProperties()["schema.registry.basic.auth.user.info"].ShouldBe("a:b");
    }
}
