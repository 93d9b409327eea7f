using System.Security.Cryptography;
using System.Text;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>The profile id of an identifier that is alone is a pure function of it: nobody has to be asked, and a replay gives the same ids.</summary>
public static class ProfileIds
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Letters = 26;

    /// <summary><c>p_</c> and 26 letters of base32 (RFC 4648, lower case): the first 130 bits of SHA-256 over <c>tenant LF identifier</c>.</summary>
    public static string Of(string tenant, string identifier)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{identifier}"), hash);
        Span<char> id = stackalloc char[2 + Letters];
        id[0] = 'p';
        id[1] = '_';
        for (var letter = 0; letter < Letters; letter++)
        {
            var bit = letter * 5;
            var pair = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            id[2 + letter] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }
        return new string(id);
    }
}
