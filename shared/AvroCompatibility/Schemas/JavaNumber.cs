using System.Globalization;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Numbers as Java prints them (<c>Double.toString</c>): plain with at least one decimal from 10^-3 up to 10^7, else 1.0E10.
/// The text of a schema decides its identity in a registry, so the spelling matters.
/// </summary>
internal static class JavaNumber
{
    public static string Format(double value)
    {
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        var (digits, exponent) = Digits(value.ToString("R", CultureInfo.InvariantCulture));
        var sign = value < 0 ? "-" : "";
        if (exponent is >= -3 and < 7)
            return sign + Plain(digits, exponent);
        return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Significant digits d and exponent e of d[0].d[1..] * 10^e.</summary>
    private static (string Digits, int Exponent) Digits(string text)
    {
        text = text.TrimStart('-');
        var exponent = 0;
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var all = whole + (point < 0 ? "" : text[(point + 1)..]);
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        return (digits, exponent + whole.Length - 1 - leading);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        var whole = digits.PadRight(exponent + 1, '0')[..(exponent + 1)];
        return whole + "." + (digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0");
    }
}
