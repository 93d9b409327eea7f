using System.Collections.Frozen;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>
/// Tells goods, which have stock, from the codes that the shop's clerks use for charges, corrections and vouchers.
/// The named codes are those of the shop's two published years; a code without a run of three digits and not longer than a
/// clerk's shorthand (five characters) is taken for one of them too, as is everything that begins like a gift voucher.
/// </summary>
public static class Goods
{
    private const int ShorthandMaxLength = 5;
    private const int ArticleNumberDigits = 3;

    private static readonly FrozenSet<string> NamedCharges = new[]
    {
        "POST", "DOT", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "C2", "C3", "ADJUST", "ADJUST2", "GIFT",
        "TEST001", "TEST002",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsStocked(string stockCode) =>
        !NamedCharges.Contains(stockCode)
        && !stockCode.StartsWith("gift", StringComparison.OrdinalIgnoreCase)
        && (stockCode.Length > ShorthandMaxLength || HasArticleNumber(stockCode));

    private static bool HasArticleNumber(string stockCode)
    {
        var run = 0;
        foreach (var c in stockCode)
        {
            run = char.IsAsciiDigit(c) ? run + 1 : 0;
            if (run == ArticleNumberDigits)
                return true;
        }
        return false;
    }
}
