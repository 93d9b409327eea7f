using System.ComponentModel.DataAnnotations;
using System.Data.Common;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Where Postgres is.</summary>
public sealed class PostgresOptions : IValidatableObject
{
    public const string Section = "Postgres";
    private const int DefaultPort = 5432;

    /// <summary>libpq URL: <c>postgresql://user[:password]@host[:port]/database[?sslmode=verify-full&amp;sslrootcert=/path…]</c>.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Postgres:Url is missing: set Postgres__Url=postgresql://user:password@host:port/db")]
    public string Url { get; init; } = "";

    /// <summary>Instead of the one in the URL, so that the URL need not be a secret.</summary>
    public string Password { get; init; } = "";

    /// <summary>PEM file of the authorities that may have signed the server's certificate, instead of <c>?sslrootcert=</c>.</summary>
    public string SslCaLocation { get; init; } = "";

    /// <summary>PEM file of our certificate, for servers that ask for one, instead of <c>?sslcert=</c>.</summary>
    public string SslCertificateLocation { get; init; } = "";

    /// <summary>PEM file of our certificate's key, instead of <c>?sslkey=</c>.</summary>
    public string SslKeyLocation { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        try
        {
            _ = Url.Length == 0 ? "" : ToConnectionString();
            return [];
        }
        catch (FormatException invalid)
        {
            return [new ValidationResult(invalid.Message, [nameof(Url)])];
        }
    }

    /// <summary>The same address as a connection string for Npgsql.</summary>
    /// <exception cref="FormatException">The URL is not one that libpq takes, or has a parameter that has no counterpart.</exception>
    public string ToConnectionString()
    {
        var uri = UrlParts.Parse(Url, "postgresql", "postgres")
            ?? throw new FormatException("Postgres:Url must look like postgresql://user:password@host:port/database");
        var (user, password) = UrlParts.Credentials(uri);
        var query = UrlParts.Query(uri);
        var builder = new DbConnectionStringBuilder
        {
            // A socket folder cannot be a URL's host; libpq takes it as ?host=/path.
            ["Host"] = query.GetValueOrDefault("host") ?? (uri.Host.Length > 0 ? uri.Host.Trim('[', ']') : "localhost"),
            ["Port"] = uri.Port > 0 ? uri.Port : DefaultPort,
            // Images have no Kerberos library: asking for it costs a line on standard error for each process. ?gssencmode= wins.
            ["GSS Encryption Mode"] = "Disable",
        };
        if (user.Length > 0)
            builder["Username"] = user;
        if ((Password.Length > 0 ? Password : password) is { Length: > 0 } secret)
            builder["Password"] = secret;
        if (Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) is { Length: > 0 } database)
            builder["Database"] = database;
        foreach (var (name, value) in query)
        {
            if (name != "host")
                builder[NpgsqlName(name)] = name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        Add("Root Certificate", SslCaLocation);
        Add("SSL Certificate", SslCertificateLocation);
        Add("SSL Key", SslKeyLocation);
        return builder.ConnectionString;

        void Add(string name, string value)
        {
            if (value.Length > 0)
                builder[name] = value;
        }
    }

    private static string NpgsqlName(string libpqName) => libpqName switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "sslpassword" => "SSL Password",
        "sslnegotiation" => "SSL Negotiation",
        "gssencmode" => "GSS Encryption Mode",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "options" => "Options",
        "search_path" => "Search Path",
        "target_session_attrs" => "Target Session Attributes",
        _ => throw new FormatException($"Postgres:Url has the parameter '{libpqName}', which has no counterpart in Npgsql"),
    };
}
