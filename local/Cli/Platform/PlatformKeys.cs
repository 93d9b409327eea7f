using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Streaming.LocalPostgres;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>
/// Secrets of a local copy, made on the first start. Whoever loses them loses the meaning of every pseudonym and the content of
/// the quarantine, so they live as long as the data: `reset` deletes both.
/// </summary>
/// <param name="ApiKey">Opens every API of the copy.</param>
public sealed record PlatformKeys(string PseudonymKey, string SealingKey, PostgresPasswords Postgres, string ApiKey)
{
    private const int KeyBytes = 32;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static PlatformKeys? Load(PlatformPaths paths) =>
        File.Exists(paths.KeysFile) ? JsonSerializer.Deserialize<PlatformKeys>(File.ReadAllText(paths.KeysFile), Json) : null;

    public static PlatformKeys LoadOrCreate(PlatformPaths paths)
    {
        var existing = Load(paths);
        if (existing is { ApiKey: not null })
            return existing;
        // A copy from before there were API keys gets one; its other keys are those of its data.
        var keys = existing is null
            ? new PlatformKeys(RandomKey(), RandomKey(), PostgresPasswords.Generate(), RandomApiKey())
            : existing with { ApiKey = RandomApiKey() };
        PrivateFile.Write(paths.KeysFile, JsonSerializer.Serialize(keys, Json), flushToDisk: true);
        return keys;
    }

    private static string RandomApiKey() => "ck_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    private static string RandomKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
}
