using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Text that is safe to keep.</summary>
internal static class Text
{
    private const string Mask = "***";

    /// <summary>Longest id of any kind.</summary>
    public const int IdLengthMax = 200;

    /// <summary>Whether the text can be an id: not too long, without control characters (Postgres cannot even hold U+0000).</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= IdLengthMax && !text.AsSpan().ContainsAnyInRange('\0', '\u001f');

    /// <summary>Without control characters, e-mail addresses and phone numbers, cut to a length that never splits a character.</summary>
    public static string Clean(string text, int lengthMax)
    {
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            text = string.Concat(text.Select(each => each < ' ' ? ' ' : each)).Trim();
        if (text.Length > lengthMax)
            text = text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
        return PersonalData.Mask(text, Mask);
    }
}
