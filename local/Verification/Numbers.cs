using System.Globalization;

namespace Commerce.Streaming.Verification;

/// <summary>Numbers for people: thousands separated, no zeros at the end.</summary>
public static class Numbers
{
    public static string Text(decimal value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    public static string Text(decimal? value) => value is { } known ? Text(known) : "nothing";
}
