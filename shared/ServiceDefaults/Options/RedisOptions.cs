using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Where Redis (or Valkey, or Garnet) is: checked at start, used by the processing library.</summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";

    /// <summary><c>redis://[user:password@]host[:port][/database]</c>, or <c>rediss://</c> for TLS.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Redis:Url is missing: set Redis__Url=redis://host:port")]
    public string Url { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Url.Length == 0 || Parse() is not null
        ? []
        : [new ValidationResult("Redis:Url must look like redis://[user:password@]host[:port][/database]", [nameof(Url)])];

    private Uri? Parse() => UrlParts.Parse(Url, "redis", "rediss");
}
