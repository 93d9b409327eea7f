using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Compatibility of a schema with what a subject holds, in the words of Confluent's verbose answers. An empty list: compatible.</summary>
internal static class Checking
{
    /// <summary>At the subject's level: the newest version, or all of them from the newest until one disagrees.</summary>
    public static IReadOnlyList<string> AgainstSubject(RegistryState state, string subject, AvroSchema schema, CompatibilityLevel defaultLevel) =>
        Check(state, schema, [.. state.Versions(subject, deleted: false)], LevelInScope(state, subject, defaultLevel));

    /// <summary>With one version, whatever the level says of others.</summary>
    public static IReadOnlyList<string> AgainstVersion(
        RegistryState state, string subject, VersionEntry version, AvroSchema schema, CompatibilityLevel defaultLevel) =>
        Check(state, schema, [version], LevelInScope(state, subject, defaultLevel));

    public static CompatibilityLevel LevelInScope(RegistryState state, string? subject, CompatibilityLevel defaultLevel) =>
        (subject is null ? null : state.LevelOf(subject)) ?? state.LevelOf(null) ?? defaultLevel;

    private static List<string> Check(RegistryState state, AvroSchema schema, IReadOnlyList<VersionEntry> earlier, CompatibilityLevel level)
    {
        IReadOnlyList<AvroSchema> trees = [.. earlier.Select(version => ParsedSchemas.Parse(state, state.Schemas[version.SchemaId]))];
        IReadOnlyList<VersionIncompatibility> found;
        try
        {
            found = SchemaCompatibility.CheckTransitive(level, schema, trees);
        }
        catch (AvroSchemaException e)
        {
            throw RegistryErrors.InvalidSchema(e.Message);
        }
        if (found.Count == 0)
            return [];
        var first = found[0].Index;
        var old = earlier[first];
        return
        [
            .. found.Where(reason => reason.Index == first).Select(Message),
            $"{{oldSchemaVersion: {old.Version}}}",
            $"{{oldSchema: '{Quote(state.Schemas[old.SchemaId].Text)}'}}",
            $"{{compatibility: '{level.WireName()}'}}",
        ];
    }

    private static string Message(VersionIncompatibility found) =>
        $"{{errorType:'{found.Reason.TypeName}', description:'{found.Description}', additionalInfo:'{found.Reason.Message}'}}";

    private static string Quote(string text) => text.Length <= RegistryLimits.MaxQuotedSchema ? text : text[..RegistryLimits.MaxQuotedSchema] + "...";
}
