namespace Commerce.Streaming.Testing;

/// <summary>
/// The variables that say where tests find their servers. None is needed: what names a server wins, then containers when
/// they are asked for, then servers of this repository.
/// </summary>
public static class TestEnvironment
{
    /// <summary>Bootstrap servers of a Kafka to test against.</summary>
    public static string? KafkaBootstrap => Variable("COMMERCE_TEST_KAFKA_BOOTSTRAP");

    /// <summary>Base URL of a schema registry to test against, path included.</summary>
    public static string? RegistryUrl => Variable("COMMERCE_TEST_REGISTRY_URL");

    /// <summary>Folder with bin/kafka-start and bin/kafka-stop, to start a Kafka broker for the tests.</summary>
    public static string? KafkaHome => Variable("COMMERCE_TEST_KAFKA_HOME");

    /// <summary>Folder with bin/registry-start and bin/registry-stop, to start a schema registry for the tests.</summary>
    public static string? RegistryHome => Variable("COMMERCE_TEST_REGISTRY_HOME");

    /// <summary><c>redis://…</c> of a server that the tests may flush.</summary>
    public static string? RedisUrl => Variable("COMMERCE_TEST_REDIS_URL");

    /// <summary>libpq URL of a role that may create databases.</summary>
    public static string? PostgresUrl => Variable("COMMERCE_TEST_POSTGRES_URL");

    /// <summary>Folder of golden vectors that other implementations gave.</summary>
    public static string? Vectors => Variable("COMMERCE_TEST_VECTORS");

    /// <summary>Name of the variable that asks for containers.</summary>
    public const string BackendsVariable = "COMMERCE_TEST_BACKENDS";

    /// <summary>Whether servers that no other variable names run in containers.</summary>
    /// <exception cref="InvalidOperationException">The variable says something else.</exception>
    public static bool UsesContainers => Variable(BackendsVariable) switch
    {
        null or "embedded" => false,
        "containers" => true,
        var other => throw new InvalidOperationException($"{BackendsVariable} is '{other}': say containers, or embedded."),
    };

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
