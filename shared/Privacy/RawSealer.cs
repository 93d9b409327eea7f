using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Privacy;

/// <summary>
/// Seals raw bytes so that only a holder of the key can read or alter them (AES-256-GCM, NIST SP 800-38D). Thread-safe.
/// Format: version 1 byte · key id 4 · nonce 12 · tag 16 · ciphertext; version and key id are authenticated.
/// </summary>
/// <remarks>Nonces are random, so one key serves up to 2^32 seals (SP 800-38D, 8.3); quarantine stays far below.</remarks>
public sealed class RawSealer
{
    /// <summary>Bytes that sealing adds.</summary>
    public const int Overhead = HeaderBytes + NonceBytes + TagBytes;

    private const byte Version = 1;
    private const int KeyIdBytes = 4;
    private const int HeaderBytes = 1 + KeyIdBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly (byte[] Id, byte[] Key)[] _keys;

    /// <param name="key">Seals from now on.</param>
    /// <param name="formerKeys">Still open what they sealed.</param>
    public RawSealer(byte[] key, params IEnumerable<byte[]> formerKeys) =>
        _keys = [.. formerKeys.Prepend(key).Select(each => (IdOf(each), each))];

    public RawSealer(IOptions<SealingOptions> options)
        : this(
            Convert.FromBase64String(options.Value.SealingKey),
            [.. options.Value.FormerSealingKeys.Select(Convert.FromBase64String)])
    {
    }

    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var (id, key) = _keys[0];
        var sealedBytes = new byte[Overhead + plain.Length];
        sealedBytes[0] = Version;
        id.CopyTo(sealedBytes, 1);
        var nonce = sealedBytes.AsSpan(HeaderBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            nonce, plain, sealedBytes.AsSpan(Overhead), sealedBytes.AsSpan(HeaderBytes + NonceBytes, TagBytes),
            sealedBytes.AsSpan(0, HeaderBytes));
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">Not sealed by us, altered, or sealed with a key that is not at hand.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < Overhead || sealedBytes[0] != Version)
            throw new CryptographicException("Not sealed bytes of a known version");
        var key = KeyOf(sealedBytes.Slice(1, KeyIdBytes))
            ?? throw new CryptographicException($"Sealed with key {Convert.ToHexStringLower(sealedBytes.Slice(1, KeyIdBytes))}, which is not configured");
        var plain = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            sealedBytes.Slice(HeaderBytes, NonceBytes), sealedBytes[Overhead..], sealedBytes.Slice(HeaderBytes + NonceBytes, TagBytes), plain,
            sealedBytes[..HeaderBytes]);
        return plain;
    }

    private byte[]? KeyOf(ReadOnlySpan<byte> id)
    {
        foreach (var (candidate, key) in _keys)
        {
            if (id.SequenceEqual(candidate))
                return key;
        }

        return null;
    }

    // The id tells keys apart and tells nothing about them: a hash under a label of its own.
    private static byte[] IdOf(byte[] key) => HMACSHA256.HashData(key, "sealing-key-id"u8)[..KeyIdBytes];
}
