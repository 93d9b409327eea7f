using System.ComponentModel.DataAnnotations;
using System.Globalization;
using StackExchange.Redis;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Where Redis (or Valkey, or Garnet) is: checked at start, used by the processing library.</summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";
    private const int DefaultPort = 6379;

    /// <summary><c>redis://[user:password@]host[:port][/database]</c>, or <c>rediss://</c> for TLS.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Redis:Url is missing: set Redis__Url=redis://host:port")]
    public string Url { get; init; } = "";

    /// <summary>Instead of the one in the URL, so that the URL need not be a secret.</summary>
    public string Password { get; init; } = "";

    /// <summary>PEM file of the authorities that may have signed the server's certificate; empty takes the system's.</summary>
    public string SslCaLocation { get; init; } = "";

    /// <summary>PEM file of our certificate, for servers that ask for one.</summary>
    public string SslCertificateLocation { get; init; } = "";

    /// <summary>PEM file of our certificate's key.</summary>
    public string SslKeyLocation { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && Parse() is null)
            yield return new ValidationResult("Redis:Url must look like redis://[user:password@]host[:port][/database]", [nameof(Url)]);
        if ((SslCertificateLocation.Length > 0) != (SslKeyLocation.Length > 0))
            yield return new ValidationResult("Redis:SslCertificateLocation and Redis:SslKeyLocation go together", [nameof(SslKeyLocation)]);
        foreach (var (name, file) in new[]
        {
            (nameof(SslCaLocation), SslCaLocation), (nameof(SslCertificateLocation), SslCertificateLocation), (nameof(SslKeyLocation), SslKeyLocation),
        })
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return new ValidationResult($"Redis:{name} names {file}, which is not there", [name]);
            if (file.Length > 0 && Parse()?.Scheme == "redis")
                yield return new ValidationResult($"Redis:{name} is set, but Redis:Url is not rediss://", [name]);
        }
    }

    /// <summary>
    /// The same address for StackExchange.Redis; callers set time-outs and the like. Not as its text, in which a comma would end a password.
    /// Redis may come later than we do.
    /// </summary>
    /// <exception cref="FormatException">The URL is not a redis URL.</exception>
    public ConfigurationOptions ToConfiguration()
    {
        var uri = Parse() ?? throw new FormatException("Redis:Url is not a redis:// URL");
        var options = new ConfigurationOptions
        {
            EndPoints = { { uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : DefaultPort } },
            AbortOnConnectFail = false,
            Ssl = uri.Scheme == "rediss",
        };
        var (user, password) = UrlParts.Credentials(uri);
        if (user.Length > 0)
            options.User = user;
        if ((Password.Length > 0 ? Password : password) is { Length: > 0 } secret)
            options.Password = secret;
        if (int.TryParse(uri.AbsolutePath.Trim('/'), CultureInfo.InvariantCulture, out var database))
            options.DefaultDatabase = database;
        if (options.Ssl && SslCaLocation.Length > 0)
            options.TrustIssuer(SslCaLocation);
        if (options.Ssl && SslCertificateLocation.Length > 0)
            options.SetUserPemCertificate(SslCertificateLocation, SslKeyLocation);
        return options;
    }

    private Uri? Parse() => UrlParts.Parse(Url, "redis", "rediss");
}
