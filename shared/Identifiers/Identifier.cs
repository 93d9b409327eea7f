namespace Commerce.Streaming.Identifiers;

/// <summary>
/// The strings by which a person is known before and after the identity graph: keys of collected events, of consent decisions and
/// of assignments. Every writer and reader of those topics builds them here.
/// </summary>
public static class Identifier
{
    private const int NameLengthMax = 100;

    /// <summary>The shop's own user id; two platforms may use the same id for two people.</summary>
    public static string User(string platform, string userId) => $"u:{platform}:{userId}";

    /// <summary>The keyed pseudonym of an e-mail address.</summary>
    public static string Email(string pseudonym) => $"e:{pseudonym}";

    /// <summary>A device or browser id.</summary>
    public static string Anonymous(string anonymousId) => $"a:{anonymousId}";

    /// <summary>Stands for the unknown buyer of one order: never linked to anything, but an order and its refunds share it.</summary>
    public static string UnknownBuyer(string platform, string orderId) => $"o:{platform}/{orderId}";

    /// <summary>
    /// The Kafka key of everything that is said about an identifier: two tenants may know the same device, address or user id, and in a
    /// compacted topic the one would overwrite the other. A tenant has no slash; what follows the first one is the identifier.
    /// </summary>
    public static string Key(string tenant, string identifier) => $"{tenant}/{identifier}";

    /// <summary>What <see cref="Key"/> put together.</summary>
    public static (string Tenant, string Identifier) Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return (key[..slash], key[(slash + 1)..]);
    }

    /// <summary>Whether the text can name a tenant or a platform: 1 to 100 letters, digits, dashes and underscores, since keys are split at ':' and '/'.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= NameLengthMax && text.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_');

    /// <summary>Identifiers that are present, strongest first; the first one gives the Kafka key of what the person does.</summary>
    public static IEnumerable<string> InOrder(string platform, string? userId, string? emailPseudonym, string? anonymousId)
    {
        if (userId is not null)
            yield return User(platform, userId);
        if (emailPseudonym is not null)
            yield return Email(emailPseudonym);
        if (anonymousId is not null)
            yield return Anonymous(anonymousId);
    }
}
