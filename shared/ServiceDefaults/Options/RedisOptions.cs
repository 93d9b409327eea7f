using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Where Redis (or Valkey, or Garnet) is.</summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";
    private const int DefaultPort = 6379;

    /// <summary><c>redis://[user:password@]host[:port][/database]</c>, or <c>rediss://</c> for TLS.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Redis:Url is missing: set Redis__Url=redis://host:port")]
    public string Url { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Url.Length == 0 || Parse() is not null
        ? []
        : [new ValidationResult("Redis:Url must look like redis://[user:password@]host[:port][/database]", [nameof(Url)])];

    /// <summary>The same address in StackExchange.Redis's own notation.</summary>
    /// <exception cref="FormatException">The URL is not a redis URL.</exception>
    public string ToConfiguration()
    {
        var uri = Parse() ?? throw new FormatException("Redis:Url is not a redis:// URL");
        var port = uri.Port > 0 ? uri.Port : DefaultPort;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{port},abortConnect=false"));
        var (user, password) = UrlParts.Credentials(uri);
        if (user.Length > 0)
            text.Append(",user=").Append(user);
        if (password.Length > 0)
            text.Append(",password=").Append(password);
        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
            text.Append(",defaultDatabase=").Append(database);
        if (uri.Scheme == "rediss")
            text.Append(",ssl=true");
        return text.ToString();
    }

    private Uri? Parse() => UrlParts.Parse(Url, "redis", "rediss");
}
