using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>JSON without spaces, strings and numbers spelled as Jackson spells them (only what must be escaped is).</summary>
internal static class JsonText
{
    public static StringBuilder AppendJson(this StringBuilder output, JsonElement json, bool sorted = false)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var members = sorted ? json.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal) : json.EnumerateObject().AsEnumerable();
                return output.AppendList('{', members, (o, p) => o.AppendJson(p.Name).Append(':').AppendJson(p.Value, sorted), '}');
            case JsonValueKind.Array:
                return output.AppendList('[', json.EnumerateArray(), (o, item) => o.AppendJson(item, sorted), ']');
            case JsonValueKind.String:
                return output.AppendJson(json.GetString()!);
            case JsonValueKind.Number:
                var raw = json.GetRawText();
                return output.Append(raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? raw : JavaNumber.Format(json.GetDouble()));
            default:
                return output.Append(json.GetRawText());
        }
    }

    public static StringBuilder AppendJson(this StringBuilder output, string text)
    {
        output.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append("\\\\"),
                '\b' => output.Append("\\b"),
                '\f' => output.Append("\\f"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                < ' ' => output.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => output.Append(c),
            };
        }
        return output.Append('"');
    }

    public static StringBuilder AppendList<T>(
        this StringBuilder output, char open, IEnumerable<T> items, Action<StringBuilder, T> write, char close)
    {
        output.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                output.Append(',');
            first = false;
            write(output, item);
        }
        return output.Append(close);
    }
}
