using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Where the Confluent-compatible schema registry is.</summary>
public sealed class SchemaRegistryOptions
{
    public const string Section = "SchemaRegistry";

    /// <summary>Base URL, path included when the registry has one.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "SchemaRegistry:Url is missing: set SchemaRegistry__Url=http://host:port")]
    public string Url { get; init; } = "";

    /// <summary><c>user:password</c> for Basic authentication; empty for none.</summary>
    public string BasicAuth { get; init; } = "";

    /// <summary>
    /// PEM file of the authority that has signed the registry's certificate; empty takes the system's. The client library compares it with
    /// the authority that the registry sends along, and refuses one that sends its certificate alone: SSL_CERT_DIR is for those.
    /// </summary>
    public string SslCaLocation { get; init; } = "";

    /// <summary>A new dictionary of <c>schema.registry.*</c> properties for Confluent's registry client.</summary>
    public Dictionary<string, string> ToClientProperties()
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["schema.registry.url"] = Url };
        if (BasicAuth.Length > 0)
        {
            properties["schema.registry.basic.auth.credentials.source"] = "USER_INFO";
            properties["schema.registry.basic.auth.user.info"] = BasicAuth;
        }

        if (SslCaLocation.Length > 0)
            properties["schema.registry.ssl.ca.location"] = SslCaLocation;
        return properties;
    }
}
