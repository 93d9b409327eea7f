using System.IO.Compression;
using System.Text;

namespace Commerce.Streaming.OnlineRetail.Truth;

/// <summary>
/// A plain reader of RFC 4180 rows. It is not the one that the replay uses, on purpose: what verifies must not share the
/// mistakes of what it verifies.
/// </summary>
internal static class CsvRows
{
    public static IEnumerable<string[]> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var reader = new StreamReader(plain, Encoding.UTF8);
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (int next; (next = reader.Read()) >= 0;)
        {
            var c = (char)next;
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (reader.Peek() == '"')
                    field.Append((char)reader.Read());
                else
                    quoted = false;
                continue;
            }
            switch (c)
            {
                case '"': quoted = true; break;
                case '\r': break;
                case ',': Take(fields, field); break;
                case '\n':
                    Take(fields, field);
                    yield return [.. fields];
                    fields.Clear();
                    break;
                default: field.Append(c); break;
            }
        }
        if (field.Length > 0 || fields.Count > 0)
        {
            Take(fields, field);
            yield return [.. fields];
        }
    }

    private static void Take(List<string> fields, StringBuilder field)
    {
        fields.Add(field.ToString().Trim());
        field.Clear();
    }
}
