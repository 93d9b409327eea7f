namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Schema compatibility by the rules of Apache Avro Java's <c>SchemaCompatibility</c> (1.12), which Confluent's registry applies.
/// Pure: texts in, reasons out; an empty list means compatible.
/// </summary>
public static class SchemaCompatibility
{
    /// <summary>Why data written with <paramref name="writerSchemaJson"/> may fail to decode with <paramref name="readerSchemaJson"/>.</summary>
    /// <exception cref="AvroSchemaException">One of the texts is not a schema.</exception>
    public static IReadOnlyList<Incompatibility> Check(string readerSchemaJson, string writerSchemaJson) =>
        Check(AvroSchema.Parse(readerSchemaJson), AvroSchema.Parse(writerSchemaJson));

    /// <inheritdoc cref="Check(string, string)"/>
    public static IReadOnlyList<Incompatibility> Check(AvroSchema reader, AvroSchema writer)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        return new ReaderWriterCheck().Run(reader, writer);
    }

    /// <summary>Judges a new schema against earlier ones (oldest first) at a level; reasons come newest version first.</summary>
    /// <exception cref="AvroSchemaException">One of the texts is not a schema.</exception>
    public static IReadOnlyList<VersionIncompatibility> CheckTransitive(
        CompatibilityLevel level, string newSchemaJson, IReadOnlyList<string> earlierSchemaJsons) =>
        CheckTransitive(level, AvroSchema.Parse(newSchemaJson), [.. earlierSchemaJsons.Select(AvroSchema.Parse)]);

    /// <inheritdoc cref="CheckTransitive(CompatibilityLevel, string, IReadOnlyList{string})"/>
    public static IReadOnlyList<VersionIncompatibility> CheckTransitive(
        CompatibilityLevel level, AvroSchema newSchema, IReadOnlyList<AvroSchema> earlierSchemas)
    {
        ArgumentNullException.ThrowIfNull(earlierSchemas);
        var found = new List<VersionIncompatibility>();
        var oldest = level.IsTransitive() ? 0 : Math.Max(0, earlierSchemas.Count - 1);
        for (var version = earlierSchemas.Count - 1; version >= oldest; version--)
        {
            var old = earlierSchemas[version];
            if (level.OldReadsNew())
                found.AddRange(Check(old, newSchema).Select(reason => new VersionIncompatibility(version, "old", "new", reason)));
            if (level.NewReadsOld())
                found.AddRange(Check(newSchema, old).Select(reason => new VersionIncompatibility(version, "new", "old", reason)));
        }
        return found;
    }
}

/// <summary>A reason together with the earlier version it concerns.</summary>
/// <param name="Index">Position of that version in the list given.</param>
/// <param name="Reader">"new" or "old": which of the two fails to read.</param>
/// <param name="Writer">The other one.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record VersionIncompatibility(int Index, string Reader, string Writer, Incompatibility Reason)
{
    /// <summary>The reason in words.</summary>
    public string Description => Reason.Describe(Reader, Writer);
}
