using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Verification.Sample;

/// <summary>Finds the profile of an identifier of the truth: its own (docs/adr/0003-profile-ids.md), and then what that was merged into.</summary>
/// <param name="merged">Losers and winners of all merges.</param>
/// <param name="pseudonyms">With the platform's key; the truth names e-mail addresses in the clear.</param>
public sealed class ProfileLookup(IReadOnlyDictionary<string, string> merged, Pseudonymizer pseudonyms)
{
    private const string Tenant = "default";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Letters = 26;

    public string ProfileOf(string identifier)
    {
        var own = OwnProfile(identifier.StartsWith("e:", StringComparison.Ordinal) ? Identifier.Email(pseudonyms.Email(identifier[2..])) : identifier);
        return merged.GetValueOrDefault(own, own);
    }

    /// <summary>The first 130 bits of SHA-256 over tenant, line feed and identifier, as 26 digits of base 32.</summary>
    private static string OwnProfile(string identifier)
    {
        var number = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes($"{Tenant}\n{identifier}")), isUnsigned: true, isBigEndian: true)
            >> (256 - (Letters * 5));
        var id = new char[Letters];
        for (var i = Letters - 1; i >= 0; i--, number >>= 5)
            id[i] = Alphabet[(int)(number & 31)];
        return "p_" + new string(id);
    }
}
