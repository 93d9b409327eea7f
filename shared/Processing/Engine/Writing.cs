using System.Text;
using Avro.Specific;

namespace Commerce.Streaming.Processing.Engine;

internal static class Writing
{
    /// <exception cref="PoisonException">The value does not fit its schema.</exception>
    public static byte[] Write<T>(IValueSerde<T> serde, T value) where T : class, ISpecificRecord
    {
        try
        {
            return serde.Write(value);
        }
        catch (Exception unwritable) when (unwritable is not RegistryUnavailableException)
        {
            throw new PoisonException(DeadLetterReasons.Serialization, unwritable);
        }
    }
}

/// <summary>Keys are UTF-8, strictly: a key that does not decode would otherwise meet another one at U+FFFD.</summary>
internal static class Keys
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] ToBytes(string key) => Strict.GetBytes(key);

    /// <summary>The key, or null when it is missing or not UTF-8.</summary>
    public static string? TryFromBytes(byte[]? key)
    {
        if (key is null || !System.Text.Unicode.Utf8.IsValid(key))
            return null;
        return Strict.GetString(key);
    }

    /// <exception cref="PoisonException">No key, or not UTF-8.</exception>
    public static string FromBytes(byte[]? key)
    {
        if (key is null)
            throw new PoisonException(DeadLetterReasons.MalformedKey, cause: null);
        try
        {
            return Strict.GetString(key);
        }
        catch (DecoderFallbackException malformed)
        {
            throw new PoisonException(DeadLetterReasons.MalformedKey, malformed);
        }
    }
}
