using System.Text;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Parsing Canonical Form and its fingerprint (Avro specification 1.12, "Parsing Canonical Form for Schemas"):
/// what a decoder needs and nothing else.
/// </summary>
public static class ParsingCanonicalForm
{
    private const ulong EmptyFingerprint = 0xC15D213AA4D7A795;

    private static readonly ulong[] Table = BuildTable();

    public static string Of(AvroSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var output = new StringBuilder();
        Write(output, schema, new HashSet<string>(StringComparer.Ordinal), 0);
        return output.ToString();
    }

    /// <summary>CRC-64-AVRO (Rabin) of the form's UTF-8 bytes.</summary>
    public static ulong Fingerprint(AvroSchema schema)
    {
        var crc = EmptyFingerprint;
        foreach (var b in Encoding.UTF8.GetBytes(Of(schema)))
            crc = (crc >> 8) ^ Table[(int)(crc ^ b) & 0xff];
        return crc;
    }

    private static void Write(StringBuilder output, AvroSchema schema, HashSet<string> defined, int depth)
    {
        Nesting.Guard(depth);
        switch (schema.Type)
        {
            case AvroType.Union:
                output.AppendList('[', schema.Branches, (o, branch) => Write(o, branch, defined, depth + 1), ']');
                return;
            case AvroType.Array or AvroType.Map:
                output.Append(schema.Type == AvroType.Array ? "{\"type\":\"array\",\"items\":" : "{\"type\":\"map\",\"values\":");
                Write(output, schema.Items!, defined, depth + 1);
                output.Append('}');
                return;
            case AvroType.Record or AvroType.Enum or AvroType.Fixed:
                WriteNamed(output, schema, defined, depth);
                return;
            default:
                output.Append('"').Append(schema.Type.Spelling()).Append('"');
                return;
        }
    }

    private static void WriteNamed(StringBuilder output, AvroSchema schema, HashSet<string> defined, int depth)
    {
        var name = schema.Name.FullName;
        if (!defined.Add(name))
        {
            output.Append('"').Append(name).Append('"');
            return;
        }
        output.Append("{\"name\":\"").Append(name).Append("\",\"type\":\"").Append(schema.Type.Spelling()).Append('"');
        switch (schema.Type)
        {
            case AvroType.Enum:
                output.Append(",\"symbols\":").AppendList('[', schema.Symbols, (o, symbol) => o.Append('"').Append(symbol).Append('"'), ']');
                break;
            case AvroType.Fixed:
                output.Append(",\"size\":").Append(schema.Size);
                break;
            default:
                output.Append(",\"fields\":").AppendList('[', schema.Fields, (o, field) =>
                {
                    o.Append("{\"name\":\"").Append(field.Name).Append("\",\"type\":");
                    Write(o, field.Schema, defined, depth + 1);
                    o.Append('}');
                }, ']');
                break;
        }
        output.Append('}');
    }

    private static ulong[] BuildTable()
    {
        var table = new ulong[256];
        for (var i = 0UL; i < 256; i++)
        {
            var fp = i;
            for (var bit = 0; bit < 8; bit++)
                fp = (fp >> 1) ^ (EmptyFingerprint & (0 - (fp & 1)));
            table[i] = fp;
        }
        return table;
    }
}
