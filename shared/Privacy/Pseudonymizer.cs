using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Privacy;

/// <summary>
/// Keyed pseudonyms: the same address always gives the same token, and nobody without the key can tell which address it was
/// (HMAC-SHA256, RFC 2104). Thread-safe.
/// </summary>
public sealed class Pseudonymizer
{
    public const string EmailPrefix = "em_";
    public const string PhonePrefix = "ph_";

    /// <summary>Hex digits kept: 128 bits, so that two of 10^9 addresses collide with a chance below 10^-20.</summary>
    private const int HexDigits = 32;

    private readonly byte[] _key;

    /// <param name="key">The secret, 32 bytes.</param>
    public Pseudonymizer(ReadOnlySpan<byte> key)
    {
        if (key.Length != PrivacyOptions.KeyBytes)
            throw new ArgumentException($"The key must have {PrivacyOptions.KeyBytes} bytes", nameof(key));
        _key = key.ToArray();
    }

    public Pseudonymizer(IOptions<PrivacyOptions> options) : this(Convert.FromBase64String(options.Value.PseudonymKey))
    {
    }

    /// <summary><c>em_</c> and 32 hex digits of HMAC-SHA256(key, "email:" + <see cref="NormaliseEmail"/>).</summary>
    public string Email(string address) => Token(EmailPrefix, "email:", NormaliseEmail(address));

    /// <summary><c>ph_</c> and 32 hex digits of HMAC-SHA256(key, "phone:" + <see cref="NormalisePhone"/>).</summary>
    public string Phone(string number) => Token(PhonePrefix, "phone:", NormalisePhone(number));

    /// <summary>
    /// An id of a person as it may be kept: itself, or the pseudonym when it is an e-mail address or a phone number, which many shops use
    /// as ids. An address within it is replaced in place.
    /// </summary>
    public string Id(string id) => PersonalData.LooksLikePhone(id) ? Phone(id) : Reference(id);

    /// <summary>
    /// An id of something else, such as an order or a message, as it may be kept: addresses, and phone numbers with a country code, are
    /// replaced by their pseudonyms, so that what had one id still has one. Unlike <see cref="Id"/> it takes a number that begins with
    /// zeros for what it is: a number of the shop's own.
    /// </summary>
    public string Reference(string id) => PersonalData.LooksLikeEmail(id) ? Email(id) : PersonalData.Replace(id, Email, Phone);

    /// <summary>Whether <paramref name="value"/> already is a pseudonym of this shape.</summary>
    public static bool IsPseudonym(ReadOnlySpan<char> value) =>
        value.Length == EmailPrefix.Length + HexDigits
        && (value.StartsWith(EmailPrefix, StringComparison.Ordinal) || value.StartsWith(PhonePrefix, StringComparison.Ordinal))
        && !value[EmailPrefix.Length..].ContainsAnyExcept(LowerHex);

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Trimmed and lower-cased by invariant rules; dots and "+suffix" are kept, since only some hosts ignore them.</summary>
    public static string NormaliseEmail(string address) => address.Trim().ToLowerInvariant();

    /// <summary>The decimal digits of any script as ASCII, without a leading "00": +49 30/123 and 004930123 are one number.</summary>
    public static string NormalisePhone(string number)
    {
        var digits = new StringBuilder(number.Length);
        foreach (var character in number)
        {
            var value = CharUnicodeInfo.GetDecimalDigitValue(character);
            if (value >= 0)
                digits.Append((char)('0' + value));
        }

        return digits.Length > 2 && digits[0] == '0' && digits[1] == '0' ? digits.ToString(2, digits.Length - 2) : digits.ToString();
    }

    private string Token(string prefix, string kind, string normalised)
    {
        var text = kind + normalised;
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        HMACSHA256.HashData(_key, bytes.AsSpan(0, length), mac);
        // The buffer goes back to a pool that others share: the address must not stay in it.
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        return string.Concat(prefix, Convert.ToHexStringLower(mac[..(HexDigits / 2)]));
    }
}
