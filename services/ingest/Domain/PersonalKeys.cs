using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Decides from a property's name alone whether it holds personal data.</summary>
internal static class PersonalKeys
{
    // Names come from clients: the cache must not grow with their imagination.
    private const int CacheEntriesMax = 10_000;

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        [
            "email", "emails", "mail", "phone", "phones", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "address", "addresses",
            "street", "zip", "zipcode", "postcode", "postal", "postalcode", "birthday", "birthdate", "birth", "dob", "ssn", "passport", "iban",
            "bic", "password", "passwd", "pwd", "secret", "token", "ip", "surname", "firstname", "lastname", "fullname", "givenname",
            "familyname", "middlename", "maidenname", "username", "nickname", "recipient", "addressee", "cvv", "cvc", "pan",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Pairs = FrozenSet.ToFrozenSet(
        [
            "e mail", "first name", "last name", "full name", "given name", "family name", "middle name", "maiden name", "user name",
            "customer name", "contact name", "billing name", "shipping name", "card number", "card holder", "tax id", "national id",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> TraitWords = FrozenSet.ToFrozenSet(["name", "title", "avatar", "description", "bio"], StringComparer.Ordinal);

    private static readonly FrozenSet<string> IdWords = FrozenSet.ToFrozenSet(
        ["id", "ids", "sku", "gtin", "ean", "upc", "isbn", "asin", "barcode", "tracking", "timestamp"], StringComparer.Ordinal);

    /// <summary>Whether a property of this name is dropped.</summary>
    public static bool IsPersonal(string key)
    {
        if (Known.TryGetValue(key, out var personal))
            return personal;
        personal = Judge(key);
        if (Known.Count < CacheEntriesMax)
            Known.TryAdd(key, personal);
        return personal;
    }

    /// <summary>Traits describe a person: there even "name" is one.</summary>
    public static bool IsPersonalTrait(string key) => TraitWords.Contains(key.ToLowerInvariant()) || IsPersonal(key);

    /// <summary>Whether long numbers under this name are ids, which by chance can look like a card's.</summary>
    public static bool IsId(string key) => WordsOf(key) is { Count: > 0 } words && IdWords.Contains(words[^1]);

    private static bool Judge(string key)
    {
        var words = WordsOf(key);
        for (var index = 0; index < words.Count; index++)
        {
            if (Words.Contains(words[index]) || (index > 0 && Pairs.Contains($"{words[index - 1]} {words[index]}")))
                return true;
        }

        return false;
    }

    /// <summary>customerEmail, customer_email and "Customer Email" are the same words.</summary>
    private static List<string> WordsOf(string key)
    {
        var words = new List<string>(4);
        var start = 0;
        for (var index = 0; index <= key.Length; index++)
        {
            var separates = index == key.Length || !char.IsLetterOrDigit(key[index]);
            if (!separates && !(index > start && IsHump(key, index)))
                continue;
            if (index > start)
                words.Add(key[start..index].ToLowerInvariant());
            start = separates ? index + 1 : index;
        }

        return words;
    }

    // customer|Email, and IP|Address: the last capital of a run belongs to the next word when small letters follow.
    private static bool IsHump(string key, int index) => char.IsUpper(key[index])
        && (!char.IsUpper(key[index - 1]) || (index + 1 < key.Length && char.IsLower(key[index + 1])));
}
