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

    /// <summary>
    /// Whether a card number stands anywhere in the text: digits in one piece, or in groups as cards print them (4 first, then
    /// up to 7 each) with one space or dash between. The group rule keeps UUIDs and timestamps out.
    /// </summary>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        var position = 0;
        while (text.Length - position >= DigitsMin)
        {
            if (!char.IsAsciiDigit(text[position]))
            {
                position++;
                continue;
            }

            var afterLetter = position > 0 && char.IsAsciiLetter(text[position - 1]);
            if (!afterLetter && StartsWithCard(text[position..]))
                return true;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
                position++;
        }

        return false;
    }

    private static bool StartsWithCard(ReadOnlySpan<char> text)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        int count = 0, group = 0, groups = 1;
        for (var position = 0; position < text.Length && count < DigitsMax; position++)
        {
            digits[count++] = (byte)(text[position] - '0');
            group++;
            var next = position + 1 < text.Length ? text[position + 1] : '\0';
            if (char.IsAsciiDigit(next))
                continue;
            if (groups > 1 && group > GroupDigitsMax)
                return false;
            if (count >= DigitsMin && !char.IsAsciiLetter(next) && IsIssued(digits[..count]) && PassesLuhn(digits[..count]))
                return true;
            var digitFollows = position + 2 < text.Length && char.IsAsciiDigit(text[position + 2]);
            if (next is not (' ' or '-') || !digitFollows || (groups == 1 && group != FirstGroupDigits))
                return false;
            (group, groups, position) = (0, groups + 1, position + 1);
        }

        return false;
    }

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
