using System.Text.RegularExpressions;

namespace Commerce.Streaming.Privacy;

/// <summary>Recognises values that identify a person. Looks only at the text; cheap enough for every property of every event.</summary>
public static partial class PersonalData
{
    private const int EmailLengthMax = 254;
    private const int PhoneDigitsMin = 8;
    private const int PhoneDigitsMax = 15;

    /// <summary>Whether the whole text is an e-mail address: something@domain.tld, spaces around it allowed.</summary>
    public static bool LooksLikeEmail(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var at = text.LastIndexOf('@');
        if (at < 1 || text.Length > EmailLengthMax || text.ContainsAny(" \t\r\n"))
            return false;
        var domain = text[(at + 1)..];
        var dot = domain.LastIndexOf('.');
        return dot > 0 && dot < domain.Length - 2;
    }

    /// <summary>Whether an e-mail address stands anywhere in the text, percent-encoded @ included.</summary>
    public static bool ContainsEmail(string text) =>
        (text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal)) && EmailInside().IsMatch(text);

    /// <summary>The text with every e-mail address and every phone number with a country code in it replaced.</summary>
    public static string Mask(string text, string mask)
    {
        if (ContainsEmail(text))
            text = EmailInside().Replace(text, mask);
        return text.Contains('+', StringComparison.Ordinal) ? PhoneInside().Replace(text, mask) : text;
    }

    /// <summary>The text with every e-mail address, and every phone number with a country code, replaced by what stands for it.</summary>
    public static string Replace(string text, Func<string, string> email, Func<string, string> phone)
    {
        if (ContainsEmail(text))
            text = EmailInside().Replace(text, found => email(found.Value.Replace("%40", "@", StringComparison.Ordinal)));
        return text.Contains('+', StringComparison.Ordinal) ? PhoneInside().Replace(text, found => phone(found.Value)) : text;
    }

    /// <summary>
    /// Whether the whole text is a phone number written as one: it starts with + or 00, or has separators, and has 8 to 15
    /// digits (E.164). Bare digits are taken for a number of the shop's own, not for a phone.
    /// </summary>
    public static bool LooksLikePhone(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length < PhoneDigitsMin)
            return false;
        var international = text[0] == '+' || text.StartsWith("00", StringComparison.Ordinal);
        int digits = 0, spaces = 0, others = 0;
        foreach (var character in text[(text[0] == '+' ? 1 : 0)..])
        {
            if (char.IsAsciiDigit(character))
                digits++;
            else if (character is ' ' or '(' or ')' or '/')
                spaces++;
            else if (character is '-' or '.')
                others++;
            else
                return false;
        }

        return digits is >= PhoneDigitsMin and <= PhoneDigitsMax
            && (international || (spaces > 0 && (text[0] is '0' or '(')) || (others > 1 && text[0] == '0'));
    }

    // Bounded repetitions: matching time stays linear in the length of hostile input.
    [GeneratedRegex(@"[A-Za-z0-9._%+'-]{1,64}(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex EmailInside();

    [GeneratedRegex(@"\+[1-9](?:[ ()/.-]{0,2}[0-9]){7,14}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PhoneInside();
}
