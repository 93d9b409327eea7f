using Commerce.Collection;
using Commerce.Streaming.Identifiers;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>
/// Takes identifier strings apart (<see cref="Identifier"/> puts them together). The first one of an event, highest kind first, is its
/// identity key and the Kafka key under which it was collected.
/// </summary>
public static class IdentifierRules
{
    public static IdentifierKind KindOf(string identifier) => identifier.Length > 1 && identifier[1] == ':'
        ? identifier[0] switch
        {
            'u' => IdentifierKind.User,
            'e' => IdentifierKind.Email,
            'a' => IdentifierKind.Anonymous,
            _ => IdentifierKind.None,
        }
        : IdentifierKind.None;

    /// <summary>Platform of a user identifier; null for every other kind.</summary>
    public static string? PlatformOf(string identifier) => KindOf(identifier) == IdentifierKind.User ? Split(identifier).Platform : null;

    /// <summary>The value without kind and platform.</summary>
    public static string ValueOf(string identifier) => KindOf(identifier) switch
    {
        IdentifierKind.User => Split(identifier).Value,
        IdentifierKind.None => identifier,
        _ => identifier[2..],
    };

    /// <summary>
    /// Usable identifiers of an event, each once, highest kind first. The former id of an alias call is a device or browser id:
    /// two user ids of one platform are never one person by an event's say-so.
    /// </summary>
    public static IReadOnlyList<string> Of(CollectedEvent collected, BlockedValues blocked)
    {
        var found = new List<string>(4);
        Add(collected.UserId, value => Identifier.User(collected.Source.Platform, value));
        Add(collected.EmailPseudonym, Identifier.Email);
        Add(collected.AnonymousId, Identifier.Anonymous);
        Add(collected.PreviousId, Identifier.Anonymous);
        return found;

        void Add(string? value, Func<string, string> identify)
        {
            if (value is null || blocked.Blocks(value)) return;
            var identifier = identify(value);
            if (!found.Contains(identifier)) found.Add(identifier);
        }
    }

    /// <summary>
    /// Stands for a person of whom nothing usable is known: never linked to anything. An order and its refunds share one, so that
    /// they meet in one profile.
    /// </summary>
    public static string Nobody(CollectedEvent collected) =>
        (collected.Order?.OrderId ?? collected.Refund?.OrderId ?? collected.Refund?.RefundId) is { } id
            ? Identifier.UnknownBuyer(collected.Source.Platform, id)
            : $"m:{collected.Source.Id}/{collected.MessageId}";

    private static (string Platform, string Value) Split(string user)
    {
        var end = user.IndexOf(':', 2);
        return end < 0 ? ("", user[2..]) : (user[2..end], user[(end + 1)..]);
    }
}

/// <summary>Kinds of identifiers; the greater one names the profile.</summary>
public enum IdentifierKind
{
    None,
    Anonymous,
    Email,
    User,
}
