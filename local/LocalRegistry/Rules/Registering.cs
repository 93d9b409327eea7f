using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>May this schema become a version of that subject, and under which id?</summary>
internal static class Registering
{
    public static Decision<SubjectVersion> Register(
        RegistryState state, string subject, SchemaRequest request, bool normalize, CompatibilityLevel defaultLevel)
    {
        Subjects.RequireLegal(subject);
        var importing = RequireMode(state, subject, request.Id is > 0);
        var (schema, tree) = ParsedSchemas.Accept(state, request, normalize);
        if (importing)
            return Import(state, subject, request, schema);

        var id = state.IdOf(schema);
        var known = state.Versions(subject, deleted: false).LastOrDefault(v => v.SchemaId == id);
        if (known is not null)
            return Decision.Of(state.Describe(subject, known));

        var messages = Checking.AgainstSubject(state, subject, tree, defaultLevel);
        if (messages.Count > 0)
            throw RegistryErrors.Incompatible(subject, messages);
        var version = NextVersion(state, subject);
        if (request.Version is > 0 && request.Version != version)
            throw RegistryErrors.InvalidSchema($"version {request.Version} is not one more than the previous version");
        // Only here, after every check, is an id used up.
        return Added(subject, version, id ?? state.NextId, schema);
    }

    /// <summary>True in import mode.</summary>
    private static bool RequireMode(RegistryState state, string subject, bool withId)
    {
        var mode = state.ModeInScope(subject);
        if (mode is RegistryMode.ReadOnly or RegistryMode.ReadOnlyOverride)
            throw RegistryErrors.NotPermitted($"Subject {subject} is in read-only mode");
        if (withId && mode != RegistryMode.Import)
            throw RegistryErrors.NotPermitted($"Subject {subject} is not in import mode");
        if (!withId && mode != RegistryMode.ReadWrite)
            throw RegistryErrors.NotPermitted($"Subject {subject} is not in read-write mode");
        return mode == RegistryMode.Import;
    }

    private static Decision<SubjectVersion> Import(RegistryState state, string subject, SchemaRequest request, StoredSchema schema)
    {
        var id = request.Id!.Value;
        if (state.Schemas.TryGetValue(id, out var present) && present.Key != schema.Key)
            throw RegistryErrors.NotPermitted($"Overwrite new schema with id {id} is not permitted.");
        if (state.IdOf(schema) is { } other && other != id)
            throw RegistryErrors.NotPermitted($"The schema is already registered with id {other} instead of input id {id}");
        var known = state.Versions(subject, deleted: false).LastOrDefault(v => v.SchemaId == id);
        if (known is not null && (request.Version is null or <= 0 || known.Version == request.Version))
            return Decision.Of(state.Describe(subject, known));
        var version = request.Version is > 0 ? request.Version.Value : NextVersion(state, subject);
        if (state.AllVersions(subject).ContainsKey(version))
            throw RegistryErrors.NotPermitted($"Version {version} of subject {subject} holds another schema");
        return Added(subject, version, id, schema);
    }

    private static int NextVersion(RegistryState state, string subject) => state.AllVersions(subject).Keys.LastOrDefault() + 1;

    private static Decision<SubjectVersion> Added(string subject, int version, int id, StoredSchema schema) =>
        Decision.Of(new SubjectVersion(subject, version, id, schema), new VersionAdded(subject, version, id, schema));
}
