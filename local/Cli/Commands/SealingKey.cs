using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Privacy__SealingKey and Privacy__FormerSealingKeys__N from the environment, else the local copy's key.</summary>
internal static class SealingKey
{
    private const string KeyVariable = "Privacy__SealingKey";
    private const string FormerKeyVariable = "Privacy__FormerSealingKeys__";

    public static RawSealer Load(PlatformOptions options) =>
        TryLoad(options) ?? throw CliException.Usage($"There is no sealing key: set {KeyVariable}, or name the copy by --home.");

    /// <summary>Null when there is no key.</summary>
    public static RawSealer? TryLoad(PlatformOptions options)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } stated ? stated : PlatformKeys.Load(options.Effective().Paths)?.SealingKey;
        if (key is null)
            return null;
        var former = Enumerable.Range(0, int.MaxValue)
            .Select(index => Environment.GetEnvironmentVariable(FormerKeyVariable + index.ToString(CultureInfo.InvariantCulture)))
            .TakeWhile(value => !string.IsNullOrEmpty(value));
        try
        {
            return new RawSealer(Convert.FromBase64String(key), [.. former.Select(each => Convert.FromBase64String(each!))]);
        }
        catch (FormatException)
        {
            throw CliException.Usage($"{KeyVariable} is not base64.");
        }
    }
}
