using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Streaming.LocalPostgres;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>
/// Secrets of a local copy, made on the first start. Whoever loses them loses the meaning of every pseudonym and the content of
/// the quarantine, so they live as long as the data: `reset` deletes both.
/// </summary>
public sealed record PlatformKeys(string PseudonymKey, string SealingKey, PostgresPasswords Postgres)
{
    private const int KeyBytes = 32;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static PlatformKeys? Load(PlatformPaths paths) =>
        File.Exists(paths.KeysFile) ? JsonSerializer.Deserialize<PlatformKeys>(File.ReadAllText(paths.KeysFile), Json) : null;

    public static PlatformKeys LoadOrCreate(PlatformPaths paths)
    {
        if (Load(paths) is { } existing)
            return existing;
        var keys = new PlatformKeys(RandomKey(), RandomKey(), PostgresPasswords.Generate());
        PrivateFile.Write(paths.KeysFile, JsonSerializer.Serialize(keys, Json), flushToDisk: true);
        return keys;
    }

    private static string RandomKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
}
