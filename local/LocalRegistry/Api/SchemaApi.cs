namespace Commerce.Streaming.LocalRegistry;

/// <summary><c>/schemas</c>: by id, and all of them.</summary>
internal static class SchemaApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/schemas", List);
        routes.Get("/schemas/types", _ => new[] { "AVRO" });
        routes.Get("/schemas/ids/{id:int}", request => SchemaAnswer.Of(
            Schema(request), request.Flag("fetchMaxId") ? request.State.NextId - 1 : null));
        routes.Get("/schemas/ids/{id:int}/schema", request => new RawJson(Schema(request).Text));
        routes.Get("/schemas/ids/{id:int}/subjects", request => Page.Of(Uses(request).Select(v => v.Subject).Distinct(), request).ToArray());
        routes.Get("/schemas/ids/{id:int}/versions", request =>
            Page.Of(Uses(request), request).Select(v => new SubjectVersionAnswer(v.Subject, v.Version)).ToArray());
    }

    private static StoredSchema Schema(ApiRequest request) =>
        request.State.Schemas.GetValueOrDefault(request.Id) ?? throw RegistryErrors.SchemaNotFound(request.Id);

    private static SubjectVersion[] Uses(ApiRequest request)
    {
        _ = Schema(request);
        return [.. Subjects.Using(request.State, request.Id, request.Flag("deleted"))];
    }

    private static object List(ApiRequest request)
    {
        var state = request.State;
        var prefix = request.Text("subjectPrefix") ?? "";
        var found = from subject in state.Subjects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                    let versions = state.Versions(subject, request.Flag("deleted"))
                    from version in request.Flag("latestOnly") ? versions.TakeLast(1) : versions
                    select SchemaAnswer.Of(state.Describe(subject, version));
        return Page.Of(found, request).ToArray();
    }
}
