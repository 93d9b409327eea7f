using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>
/// Where Kafka is and how to speak to it. What clusters usually ask for has a name here; any other librdkafka property passes through
/// <see cref="Client"/>.
/// </summary>
public sealed class KafkaOptions : IValidatableObject
{
    public const string Section = "Kafka";

    /// <summary>Greatest <see cref="PartitionsMultiple"/>: 384 partitions a topic.</summary>
    public const int PartitionsMultipleMax = 64;

    private static readonly string[] Protocols = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"];
    private static readonly string[] WithPassword = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

    /// <summary><c>host:port[,host:port…]</c>.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Kafka:BootstrapServers is missing: set Kafka__BootstrapServers=host:port")]
    public string BootstrapServers { get; init; } = "";

    /// <summary>PLAINTEXT (the default), SSL, SASL_PLAINTEXT or SASL_SSL.</summary>
    public string SecurityProtocol { get; init; } = "";

    /// <summary>PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, or another one whose settings come through <see cref="Client"/>.</summary>
    public string SaslMechanism { get; init; } = "";

    public string SaslUsername { get; init; } = "";

    public string SaslPassword { get; init; } = "";

    /// <summary>PEM file or folder of the authorities that may have signed the brokers' certificates; empty takes the system's.</summary>
    public string SslCaLocation { get; init; } = "";

    /// <summary>PEM file of our certificate, for brokers that ask for one.</summary>
    public string SslCertificateLocation { get; init; } = "";

    /// <summary>PEM file of our certificate's key.</summary>
    public string SslKeyLocation { get; init; } = "";

    public string SslKeyPassword { get; init; } = "";

    /// <summary>
    /// By how much the platform has more partitions than schemas/topics.json says, in every topic that has more than one. The same for
    /// every process; raised later by <c>provision repartition</c> alone.
    /// </summary>
    [Range(1, PartitionsMultipleMax, ErrorMessage = "Kafka:PartitionsMultiple must be 1 to 64")]
    public int PartitionsMultiple { get; init; } = 1;

    /// <summary>
    /// librdkafka properties by name. Shells cannot export names with dots, so <c>Kafka__Client__client_rack</c> means
    /// <c>client.rack</c>. They win over the names above.
    /// </summary>
    public Dictionary<string, string> Client { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SecurityProtocol.Length > 0 && !Protocols.Contains(SecurityProtocol, StringComparer.OrdinalIgnoreCase))
            yield return Fault("SecurityProtocol is none of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL", nameof(SecurityProtocol));
        var sasl = SecurityProtocol.StartsWith("SASL", StringComparison.OrdinalIgnoreCase);
        if (!sasl && SaslMechanism.Length > 0 && !Client.ContainsKey("security_protocol") && !Client.ContainsKey("security.protocol"))
            yield return Fault("SaslMechanism is set, but SecurityProtocol is neither SASL_PLAINTEXT nor SASL_SSL", nameof(SecurityProtocol));
        if (sasl && WithPassword.Contains(SaslMechanism, StringComparer.OrdinalIgnoreCase) && (SaslUsername.Length == 0 || SaslPassword.Length == 0))
            yield return Fault($"SaslMechanism {SaslMechanism} needs SaslUsername and SaslPassword", nameof(SaslPassword));
        if (SslCertificateLocation.Length > 0 != SslKeyLocation.Length > 0)
            yield return Fault("SslCertificateLocation and SslKeyLocation go together", nameof(SslKeyLocation));
        foreach (var (name, path) in ((string, string)[])[(nameof(SslCaLocation), SslCaLocation), (nameof(SslCertificateLocation), SslCertificateLocation), (nameof(SslKeyLocation), SslKeyLocation)])
        {
            if (path.Length > 0 && !Path.Exists(path))
                yield return Fault($"{name} names {path}, which is not there", name);
        }
    }

    /// <summary>A new dictionary for <c>new ClientConfig(…)</c> and its kin; callers add what their client needs.</summary>
    public Dictionary<string, string> ToClientProperties()
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["bootstrap.servers"] = BootstrapServers };
        Add("security.protocol", SecurityProtocol.ToLowerInvariant());
        Add("sasl.mechanism", SaslMechanism.ToUpperInvariant());
        Add("sasl.username", SaslUsername);
        Add("sasl.password", SaslPassword);
        Add("ssl.ca.location", SslCaLocation);
        Add("ssl.certificate.location", SslCertificateLocation);
        Add("ssl.key.location", SslKeyLocation);
        Add("ssl.key.password", SslKeyPassword);
        foreach (var (name, value) in Client)
            properties[name.Replace('_', '.').ToLowerInvariant()] = value;
        return properties;

        void Add(string name, string value)
        {
            if (value.Length > 0)
                properties[name] = value;
        }
    }

    private static ValidationResult Fault(string text, string member) => new($"Kafka:{text}", [member]);
}
