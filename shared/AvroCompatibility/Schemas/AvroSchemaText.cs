using System.Text;
using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Writes a schema as Java's <c>Schema.toString()</c> does. Attributes come in Java's order, names are bare inside their own
/// namespace, a named type is spelled out once. Two texts that differ only in layout come out the same; one in a doc does not.
/// </summary>
public static class AvroSchemaText
{
    /// <param name="schema">What to write.</param>
    /// <param name="alreadyDefined">Full names that are written as references from the start (types of referenced schemas).</param>
    public static string Write(AvroSchema schema, IEnumerable<string> alreadyDefined)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var output = new StringBuilder();
        new Writer(output, new HashSet<string>(alreadyDefined, StringComparer.Ordinal)).Node(schema, null);
        return output.ToString();
    }

    /// <summary>
    /// The same, with what has no meaning brought into order: aliases and attributes sorted, empty docs of types left out. This is
    /// what a registry keeps when asked to normalize.
    /// </summary>
    /// <inheritdoc cref="Write"/>
    public static string WriteNormalized(AvroSchema schema, IEnumerable<string> alreadyDefined)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var output = new StringBuilder();
        new Writer(output, new HashSet<string>(alreadyDefined, StringComparer.Ordinal), normalize: true).Node(schema, null);
        return output.ToString();
    }

    private sealed class Writer(StringBuilder output, HashSet<string> defined, bool normalize = false)
    {
        private int _depth;

        public void Node(AvroSchema schema, string? space)
        {
            Nesting.Guard(++_depth);
            Write(schema, space);
            _depth--;
        }

        private void Write(AvroSchema schema, string? space)
        {
            switch (schema.Type)
            {
                case AvroType.Union:
                    output.AppendList('[', schema.Branches, (_, branch) => Node(branch, space), ']');
                    return;
                case AvroType.Array or AvroType.Map:
                    output.Append(schema.Type == AvroType.Array ? "{\"type\":\"array\",\"items\":" : "{\"type\":\"map\",\"values\":");
                    Node(schema.Items!, space);
                    Properties(schema.Properties);
                    output.Append('}');
                    return;
                case AvroType.Record or AvroType.Enum or AvroType.Fixed:
                    Named(schema, space);
                    return;
                default:
                    Primitive(schema);
                    return;
            }
        }

        private void Primitive(AvroSchema schema)
        {
            if (schema.Properties.Count == 0)
            {
                output.AppendJson(schema.Type.Spelling());
                return;
            }
            output.Append("{\"type\":").AppendJson(schema.Type.Spelling());
            Properties(schema.Properties);
            output.Append('}');
        }

        private void Named(AvroSchema schema, string? space)
        {
            if (!defined.Add(schema.Name.FullName))
            {
                output.AppendJson(schema.Name.WithinNamespace(space));
                return;
            }
            output.Append("{\"type\":").AppendJson(schema.IsError ? "error" : schema.Type.Spelling());
            output.Append(",\"name\":").AppendJson(schema.Name.Name);
            if (schema.Name.Namespace != space)
                output.Append(",\"namespace\":").AppendJson(schema.Name.Namespace ?? "");
            Attribute("doc", normalize && schema.Doc is "" ? null : schema.Doc);
            switch (schema.Type)
            {
                case AvroType.Record:
                    output.Append(",\"fields\":").AppendList('[', schema.Fields, (_, field) => Field(field, schema.Name.Namespace), ']');
                    break;
                case AvroType.Enum:
                    output.Append(",\"symbols\":").AppendList('[', schema.Symbols, (o, symbol) => o.AppendJson(symbol), ']');
                    Attribute("default", schema.EnumDefault);
                    break;
                default:
                    output.Append(",\"size\":").Append(schema.Size);
                    break;
            }
            Properties(schema.Properties);
            if (schema.Aliases.Count > 0)
            {
                var aliases = normalize ? schema.Aliases.OrderBy(alias => alias.FullName, StringComparer.Ordinal) : schema.Aliases.AsEnumerable();
                output.Append(",\"aliases\":")
                    .AppendList('[', aliases, (o, alias) => o.AppendJson(alias.WithinNamespace(schema.Name.Namespace)), ']');
            }
            output.Append('}');
        }

        private void Field(AvroField field, string? space)
        {
            output.Append("{\"name\":").AppendJson(field.Name).Append(",\"type\":");
            Node(field.Schema, space);
            Attribute("doc", field.Doc);
            if (field.Default is { } value)
                output.Append(",\"default\":").AppendJson(value, normalize);
            if (field.Order != "ascending")
                Attribute("order", field.Order);
            var aliases = normalize ? field.Aliases.Order(StringComparer.Ordinal) : field.Aliases.AsEnumerable();
            if (field.Aliases.Count > 0)
                output.Append(",\"aliases\":").AppendList('[', aliases, (o, alias) => o.AppendJson(alias), ']');
            Properties(field.Properties);
            output.Append('}');
        }

        private void Attribute(string name, string? value)
        {
            if (value is not null)
                output.Append(",\"").Append(name).Append("\":").AppendJson(value);
        }

        private void Properties(IReadOnlyList<KeyValuePair<string, JsonElement>> properties)
        {
            foreach (var (name, value) in normalize ? properties.OrderBy(p => Rank(p.Key)).ThenBy(p => p.Key, StringComparer.Ordinal) : properties.AsEnumerable())
                output.Append(',').AppendJson(name).Append(':').AppendJson(value, normalize);
        }

        /// <summary>The logical type and its parameters come first, then the rest by name.</summary>
        private static int Rank(string property) => property switch
        {
            "logicalType" => 0,
            "precision" => 1,
            "scale" => 2,
            _ => 3,
        };
    }
}
