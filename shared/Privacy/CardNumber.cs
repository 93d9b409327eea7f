using System.Numerics;

namespace Commerce.Streaming.Privacy;

/// <summary>Finds payment card numbers in text, so that none is ever stored.</summary>
/// <remarks>
/// A match needs a length and prefix that card networks issue (ISO/IEC 7812 ranges) and the Luhn check (ISO/IEC 7812-1, annex
/// B). Without the prefix every tenth barcode would count as a card; the 13-digit Visa form, no longer issued, is left out
/// because it is the shape of an EAN.
/// </remarks>
public static class CardNumber
{
    private const int DigitsMin = 14;
    private const int DigitsMax = 19;
    private const int FirstGroupDigits = 4;
    private const int GroupDigitsMax = 7;
    private const int DigitsShown = 4;

    /// <summary>
    /// Whether a card number stands anywhere in the text: digits in one piece, or in groups as cards print them (4 first, then
    /// up to 7 each) with one space or dash between. The group rule keeps UUIDs and timestamps out.
    /// </summary>
    public static bool IsIn(ReadOnlySpan<char> text) => Find(text, 0).Length > 0;

    /// <inheritdoc cref="IsIn(ReadOnlySpan{char})"/>
    public static bool IsIn(ReadOnlySpan<byte> utf8) => Find(utf8, 0).Length > 0;

    /// <summary>Puts 1 for every digit of every card number but the last four: JSON stays JSON, and no card begins with 11.</summary>
    public static void Mask(Span<byte> utf8)
    {
        for (var found = Find<byte>(utf8, 0); found.Length > 0; found = Find<byte>(utf8, found.Start + found.Length))
        {
            var digitsSeen = 0;
            for (var position = found.Start + found.Length - 1; position >= found.Start; position--)
            {
                if (IsDigit(utf8[position]) && ++digitsSeen > DigitsShown)
                    utf8[position] = (byte)'1';
            }
        }
    }

    /// <summary>
    /// Looks at every fourth place only: a card number begins with at least four digits in a row, so one of them is there.
    /// </summary>
    private static (int Start, int Length) Find<T>(ReadOnlySpan<T> text, int from) where T : struct, IBinaryInteger<T>
    {
        for (var probe = from + FirstGroupDigits - 1; probe < text.Length; probe += FirstGroupDigits)
        {
            if (!IsDigit(text[probe]))
                continue;
            var start = probe;
            while (start > from && IsDigit(text[start - 1]))
                start--;
            var afterLetter = start > 0 && IsLetter(text[start - 1]);
            if (!afterLetter && LengthAtStart(text[start..]) is var length and > 0)
                return (start, length);
            while (probe < text.Length && IsDigit(text[probe]))
                probe++;
        }

        return default;
    }

    /// <summary>Length of the card number that the text, which begins with a digit, starts with; 0 for none.</summary>
    private static int LengthAtStart<T>(ReadOnlySpan<T> text) where T : struct, IBinaryInteger<T>
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        int count = 0, group = 0, groups = 1;
        for (var position = 0; position < text.Length && count < DigitsMax; position++)
        {
            digits[count++] = byte.CreateTruncating(text[position] - T.CreateTruncating('0'));
            group++;
            var next = position + 1 < text.Length ? text[position + 1] : T.Zero;
            if (IsDigit(next))
                continue;
            if (groups > 1 && group > GroupDigitsMax)
                return 0;
            if (count >= DigitsMin && !IsLetter(next) && IsIssued(digits[..count]) && PassesLuhn(digits[..count]))
                return position + 1;
            var separates = next == T.CreateTruncating(' ') || next == T.CreateTruncating('-');
            var digitFollows = position + 2 < text.Length && IsDigit(text[position + 2]);
            if (!separates || !digitFollows || (groups == 1 && group != FirstGroupDigits))
                return 0;
            (group, groups, position) = (0, groups + 1, position + 1);
        }

        return 0;
    }

    private static bool IsDigit<T>(T unit) where T : struct, IBinaryInteger<T> =>
        unit >= T.CreateTruncating('0') && unit <= T.CreateTruncating('9');

    private static bool IsLetter<T>(T unit) where T : struct, IBinaryInteger<T> =>
        (unit | T.CreateTruncating(0x20)) is var lower && lower >= T.CreateTruncating('a') && lower <= T.CreateTruncating('z');

    private static bool IsIssued(ReadOnlySpan<byte> digits)
    {
        var two = (digits[0] * 10) + digits[1];
        var four = (two * 100) + (digits[2] * 10) + digits[3];
        return digits.Length switch
        {
            14 => two is 36 or 38 or 39 || four is >= 3000 and <= 3059 or >= 3090 and <= 3099, // Diners Club
            15 => two is 34 or 37, // American Express
            16 or 17 or 18 or 19 =>
                (digits[0] == 4 && digits.Length is 16 or 19) // Visa
                || (digits.Length == 16 && (two is >= 51 and <= 55 || four is >= 2221 and <= 2720)) // Mastercard
                || four == 6011 || two is 65 or 62 || four is >= 6440 and <= 6499 // Discover, UnionPay
                || four is >= 3528 and <= 3589 // JCB
                || two is 50 or 56 or 57 or 58 or 63 or 67, // Maestro
            _ => false,
        };
    }

    private static bool PassesLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var fromRight = 0; fromRight < digits.Length; fromRight++)
        {
            int digit = digits[digits.Length - 1 - fromRight];
            if (fromRight % 2 == 1)
                digit = digit * 2 is var doubled && doubled > 9 ? doubled - 9 : doubled;
            sum += digit;
        }

        return sum % 10 == 0;
    }
}
