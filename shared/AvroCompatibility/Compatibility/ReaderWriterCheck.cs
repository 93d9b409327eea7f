namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Walks a reader and a writer side by side. Pairs of nodes are remembered: a recursive schema meets the pair it is
/// busy with and takes it for compatible unless proven otherwise.
/// </summary>
internal sealed class ReaderWriterCheck
{
    /// <summary>Reasons kept for one pair of nodes: types that use each other twice would double them at every level.</summary>
    public const int MaxReasons = 100;

    /// <summary>A record's field adds three tokens to the path: fields, its index, type.</summary>
    private const int PathTokensOfANode = 3;

    private readonly Dictionary<(AvroSchema Reader, AvroSchema Writer), IReadOnlyList<Incompatibility>> _known = [];
    private readonly Stack<string> _path = new();
    private readonly Stack<string> _fields = new();

    public IReadOnlyList<Incompatibility> Run(AvroSchema reader, AvroSchema writer)
    {
        if (_known.TryGetValue((reader, writer), out var known))
            return known;
        Nesting.Guard(_path.Count / PathTokensOfANode);
        _known[(reader, writer)] = [];
        var result = reader.Type == writer.Type ? SameType(reader, writer) : OtherType(reader, writer);
        if (result.Count > MaxReasons)
            result = [.. result.Take(MaxReasons)];
        _known[(reader, writer)] = result;
        return result;
    }

    private IReadOnlyList<Incompatibility> SameType(AvroSchema reader, AvroSchema writer) => reader.Type switch
    {
        AvroType.Array => Within("items", "[]", () => Run(reader.Items!, writer.Items!)),
        AvroType.Map => Within("values", "{}", () => Run(reader.Items!, writer.Items!)),
        AvroType.Fixed => [.. Names(reader, writer), .. FixedSizes(reader, writer)],
        AvroType.Enum => [.. Names(reader, writer), .. EnumSymbols(reader, writer)],
        AvroType.Record => [.. Names(reader, writer), .. RecordFields(reader, writer)],
        AvroType.Union => UnionBranches(reader, writer),
        _ => [],
    };

    private IReadOnlyList<Incompatibility> OtherType(AvroSchema reader, AvroSchema writer)
    {
        if (writer.Type == AvroType.Union)
        {
            // A writer's union is readable when each of its branches is.
            return [.. writer.Branches.SelectMany((branch, i) => Within(Index(i), "", () => Run(reader, branch)))];
        }
        if (reader.Type == AvroType.Union)
        {
            return reader.Branches.Any(branch => Run(branch, writer).Count == 0) ? [] : [MissingBranch(writer, Causes(reader, writer))];
        }
        return IsPromotion(reader.Type, writer.Type)
            ? []
            : [Found(IncompatibilityType.TypeMismatch, $"reader type: {Upper(reader)} not compatible with writer type: {Upper(writer)}")];
    }

    private static bool IsPromotion(AvroType reader, AvroType writer) => (reader, writer) switch
    {
        (AvroType.Long, AvroType.Int) => true,
        (AvroType.Float, AvroType.Int or AvroType.Long) => true,
        (AvroType.Double, AvroType.Int or AvroType.Long or AvroType.Float) => true,
        (AvroType.Bytes, AvroType.String) or (AvroType.String, AvroType.Bytes) => true,
        _ => false,
    };

    private List<Incompatibility> UnionBranches(AvroSchema reader, AvroSchema writer)
    {
        var found = new List<Incompatibility>();
        for (var i = 0; i < writer.Branches.Count; i++)
        {
            var branch = writer.Branches[i];
            found.AddRange(Within(Index(i), "", () => Run(reader, branch).Count == 0 ? [] : [MissingBranch(branch, Causes(reader, branch))]));
        }
        return found;
    }

    /// <summary>What is wrong with the one branch of a reader's union that was meant, if there is such a branch.</summary>
    private IReadOnlyList<Incompatibility> Causes(AvroSchema reader, AvroSchema writer)
    {
        var meant = reader.Branches.FirstOrDefault(branch => branch.Type == writer.Type && branch.Name.Name == writer.Name.Name);
        return meant is null ? [] : Run(meant, writer);
    }

    private List<Incompatibility> RecordFields(AvroSchema reader, AvroSchema writer)
    {
        var found = new List<Incompatibility>();
        _path.Push("fields");
        for (var i = 0; i < reader.Fields.Count; i++)
        {
            var field = reader.Fields[i];
            found.AddRange(Within(Index(i), "." + field.Name, () => FieldOf(field, writer)));
        }
        _path.Pop();
        return found;
    }

    private IReadOnlyList<Incompatibility> FieldOf(AvroField field, AvroSchema writer)
    {
        var sources = WriterFields(field, writer);
        return sources.Count switch
        {
            1 => Within("type", "", () => Run(field.Schema, sources[0].Schema)),
            0 => field.Default is null ? [Found(IncompatibilityType.ReaderFieldMissingDefaultValue, field.Name)] : [],
            _ => [Found(IncompatibilityType.AmbiguousReaderField, $"{field.Name} matches {string.Join(" and ", sources.Select(s => s.Name))}")],
        };
    }

    /// <summary>The writer's fields that the reader's field may stand for: that of its name, and those of its aliases.</summary>
    private static List<AvroField> WriterFields(AvroField field, AvroSchema writer) =>
        [.. field.Aliases.Prepend(field.Name).Select(name => Find(writer, name)).OfType<AvroField>()];

    private static AvroField? Find(AvroSchema record, string name) => record.Fields.FirstOrDefault(field => field.Name == name);

    private IReadOnlyList<Incompatibility> EnumSymbols(AvroSchema reader, AvroSchema writer)
    {
        var missing = writer.Symbols.Except(reader.Symbols, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        // A symbol the reader does not know becomes its default.
        if (missing.Count == 0 || reader.EnumDefault is not null)
            return [];
        return Within("symbols", "", () => [Found(IncompatibilityType.MissingEnumSymbols, "[" + string.Join(", ", missing) + "]")]);
    }

    private IReadOnlyList<Incompatibility> FixedSizes(AvroSchema reader, AvroSchema writer) =>
        reader.Size == writer.Size
            ? []
            : Within("size", "", () => [Found(IncompatibilityType.FixedSizeMismatch, $"expected: {writer.Size}, found: {reader.Size}")]);

    /// <summary>Names match without their namespaces; an alias must match in full.</summary>
    private IReadOnlyList<Incompatibility> Names(AvroSchema reader, AvroSchema writer) =>
        reader.Name.Name == writer.Name.Name || reader.Aliases.Contains(writer.Name)
            ? []
            : Within("name", "", () => [Found(IncompatibilityType.NameMismatch, $"expected: {writer.Name.FullName}")]);

    private Incompatibility MissingBranch(AvroSchema writer, IReadOnlyList<Incompatibility> causes) =>
        Found(IncompatibilityType.MissingUnionBranch, $"reader union lacking writer type: {Upper(writer)}") with { Causes = causes };

    private Incompatibility Found(IncompatibilityType type, string message) =>
        new("/" + string.Join('/', _path.Reverse()), type, message) { FieldPath = string.Concat(_fields.Reverse()).TrimStart('.') };

    private IReadOnlyList<Incompatibility> Within(string token, string field, Func<IReadOnlyList<Incompatibility>> check)
    {
        _path.Push(token);
        _fields.Push(field);
        var found = check();
        _fields.Pop();
        _path.Pop();
        return found;
    }

    private static string Index(int i) => i.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Upper(AvroSchema schema) => schema.Type.ToString().ToUpperInvariant();
}
