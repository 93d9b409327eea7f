using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>From what a caller sends to what is kept, and from what is kept to a tree.</summary>
internal static class ParsedSchemas
{
    /// <summary>Brings a request into the form that decides identity.</summary>
    public static (StoredSchema Stored, AvroSchema Tree) Accept(RegistryState state, SchemaRequest request, bool normalize)
    {
        if (request.SchemaType is { } type && !string.Equals(type, "AVRO", StringComparison.OrdinalIgnoreCase))
            throw RegistryErrors.InvalidSchema($"schema type {type} is not served here, only AVRO");
        if (string.IsNullOrWhiteSpace(request.Schema))
            throw RegistryErrors.InvalidSchema("it is empty");
        IReadOnlyList<SchemaReference> references = request.References ?? [];
        if (normalize)
            references = [.. references.Distinct().OrderBy(r => r.Name, StringComparer.Ordinal)];
        try
        {
            var parser = new AvroSchemaParser();
            Load(state, references, parser, []);
            var referenced = parser.DefinedNames.ToArray();
            var tree = parser.Parse(request.Schema);
            var text = normalize ? AvroSchemaText.WriteNormalized(tree, referenced) : AvroSchemaText.Write(tree, referenced);
            return (new StoredSchema(text, references, SchemaRequest.Compact(request.Metadata), SchemaRequest.Compact(request.RuleSet)), tree);
        }
        catch (AvroSchemaException e)
        {
            throw RegistryErrors.InvalidSchema(e.Message);
        }
    }

    public static AvroSchema Parse(RegistryState state, StoredSchema schema)
    {
        var parser = new AvroSchemaParser();
        Load(state, schema.References, parser, []);
        return parser.Parse(schema.Text);
    }

    /// <summary>Reads the referenced schemas, those that they refer to first, each once.</summary>
    private static void Load(RegistryState state, IReadOnlyList<SchemaReference> references, AvroSchemaParser parser, HashSet<int> loaded)
    {
        foreach (var reference in references)
        {
            var entry = reference.Version == -1
                ? state.Versions(reference.Subject, deleted: false).LastOrDefault()
                : state.AllVersions(reference.Subject).GetValueOrDefault(reference.Version);
            if (entry is null)
                throw RegistryErrors.InvalidSchema($"no schema reference found for subject \"{reference.Subject}\" and version {reference.Version}");
            if (!loaded.Add(entry.SchemaId))
                continue;
            if (loaded.Count > RegistryLimits.MaxReferences)
                throw RegistryErrors.InvalidSchema($"it refers to more than {RegistryLimits.MaxReferences} schemas");
            var schema = state.Schemas[entry.SchemaId];
            Load(state, schema.References, parser, loaded);
            parser.Parse(schema.Text);
        }
    }
}
