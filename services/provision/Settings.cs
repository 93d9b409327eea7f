using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Provision;

/// <summary>Options from the environment, by the rules of every service.</summary>
internal static class Settings
{
    public const int Failed = 1;
    public const int Invalid = 78;

    public static T Read<T>(IConfiguration configuration, string section) where T : new() => configuration.GetSection(section).Get<T>() ?? new T();

    public static IEnumerable<string> Faults(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => result.ErrorMessage ?? "A setting makes no sense");
    }
}
