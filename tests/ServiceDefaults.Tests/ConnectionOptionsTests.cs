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
    public void Registry_credentials_are_given_only_when_set()
    {
        new SchemaRegistryOptions { Url = "http://r" }.ToClientProperties().ShouldHaveSingleItem().Value.ShouldBe("http://r");
        new SchemaRegistryOptions { Url = "http://r", BasicAuth = "a:b" }.ToClientProperties()["schema.registry.basic.auth.user.info"].ShouldBe("a:b");
    }
}
