using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Finds out what a key opens.</summary>
internal sealed class ApiKeyRing(IOptions<ApiAccessOptions> options)
{
    private readonly (byte[] Hash, IReadOnlyList<string> Scopes)[] _keys =
        [.. options.Value.Keys.Values.Where(key => key.IsHash).Select(key => (Convert.FromHexString(key.Sha256), key.Scopes))];

    public bool IsRequired { get; } = options.Value.Required;

    /// <summary>Scopes of a key; null for one that nobody has. Every known key is compared, each in constant time.</summary>
    public IReadOnlyList<string>? ScopesOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        IReadOnlyList<string>? found = null;
        foreach (var (known, scopes) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = scopes;
        }

        return found;
    }
}
