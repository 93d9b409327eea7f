using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary><c>/subjects</c>: register, look up, list, delete.</summary>
internal static class SubjectApi
{
    public static void Map(ApiRoutes routes, CompatibilityLevel defaultLevel)
    {
        routes.Get("/subjects", List);
        routes.Post("/subjects/{subject}", LookUp);
        routes.Delete("/subjects/{subject}", Delete);
        routes.Get("/subjects/{subject}/versions", Versions);
        routes.Post("/subjects/{subject}/versions", request => Register(request, defaultLevel));
        routes.Get("/subjects/{subject}/versions/{version}", request => SchemaAnswer.Of(Version(request)));
        routes.Get("/subjects/{subject}/versions/{version}/schema", request => new RawJson(Version(request).Schema.Text));
        routes.Get("/subjects/{subject}/versions/{version}/referencedby", ReferencedBy);
        routes.Delete("/subjects/{subject}/versions/{version}", DeleteVersion);
    }

    private static object List(ApiRequest request)
    {
        var prefix = request.Text("subjectPrefix") ?? "";
        // Confluent's notation for "every subject of every context".
        if (prefix.StartsWith(":*:", StringComparison.Ordinal))
            prefix = prefix[3..];
        var state = request.State;
        var names = state.Subjects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
            && (request.Flag("deletedOnly") ? !state.HasSubject(name, deleted: false) : state.HasSubject(name, request.Flag("deleted"))));
        return Page.Of(names, request).ToArray();
    }

    private static async Task<object> LookUp(ApiRequest request)
    {
        var body = await request.BodyAsync(RegistryJson.Readable.SchemaRequest);
        var deleted = request.Flag("deleted");
        if (!request.State.HasSubject(request.Subject, deleted))
            throw RegistryErrors.SubjectNotFound(request.Subject);
        var (schema, _) = ParsedSchemas.Accept(request.State, body, request.Flag("normalize"));
        var id = request.State.IdOf(schema);
        var found = request.State.Versions(request.Subject, deleted).LastOrDefault(v => v.SchemaId == id) ?? throw RegistryErrors.SchemaNotFound();
        return SchemaAnswer.Of(request.State.Describe(request.Subject, found));
    }

    private static async Task<object> Register(ApiRequest request, CompatibilityLevel defaultLevel)
    {
        var body = await request.BodyAsync(RegistryJson.Readable.SchemaRequest);
        var normalize = request.Flag("normalize");
        var registered = await request.Store.WriteAsync(
            state => Registering.Register(state, request.Subject, body, normalize, defaultLevel), request.Cancel);
        var answer = SchemaAnswer.Of(registered);
        return new RegisterAnswer(registered.SchemaId, registered.Version, answer.Schema, answer.References, answer.Metadata, answer.RuleSet);
    }

    private static async Task<object> Delete(ApiRequest request)
    {
        var permanent = request.Flag("permanent");
        var deleted = await request.Store.WriteAsync(state => Deleting.Subject(state, request.Subject, permanent), request.Cancel);
        return deleted.ToArray();
    }

    private static async Task<object> DeleteVersion(ApiRequest request)
    {
        var permanent = request.Flag("permanent");
        return await request.Store.WriteAsync(state => Deleting.Version(state, request.Subject, request.Version, permanent), request.Cancel);
    }

    private static object Versions(ApiRequest request)
    {
        var versions = request.State.Versions(request.Subject, request.Flag("deleted") || request.Flag("deletedOnly"))
            .Where(v => v.Deleted || !request.Flag("deletedOnly")).Select(v => v.Version).ToArray();
        return versions.Length > 0 ? Page.Of(versions, request).ToArray() : throw RegistryErrors.SubjectNotFound(request.Subject);
    }

    private static SubjectVersion Version(ApiRequest request) =>
        request.State.Describe(request.Subject, Subjects.Require(request.State, request.Subject, request.Version, request.Flag("deleted")));

    private static object ReferencedBy(ApiRequest request) =>
        Page.Of(Subjects.ReferringTo(request.State, request.Subject, Version(request).Version), request).ToArray();
}
