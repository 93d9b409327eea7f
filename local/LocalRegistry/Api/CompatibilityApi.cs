using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary><c>/compatibility</c>: would a registration be accepted? Nothing is written.</summary>
internal static class CompatibilityApi
{
    public static void Map(ApiRoutes routes, CompatibilityLevel defaultLevel)
    {
        routes.Post("/compatibility/subjects/{subject}/versions", request => WithSubject(request, defaultLevel));
        routes.Post("/compatibility/subjects/{subject}/versions/{version}", request => WithVersion(request, defaultLevel));
    }

    private static async Task<object> WithSubject(ApiRequest request, CompatibilityLevel defaultLevel)
    {
        var tree = await SchemaAsync(request);
        return Answer(request, Checking.AgainstSubject(request.State, request.Subject, tree, defaultLevel));
    }

    private static async Task<object> WithVersion(ApiRequest request, CompatibilityLevel defaultLevel)
    {
        var tree = await SchemaAsync(request);
        var version = Subjects.Find(request.State, request.Subject, request.Version, deleted: false);
        if (version is not null)
            return Answer(request, Checking.AgainstVersion(request.State, request.Subject, version, tree, defaultLevel));
        // Anything goes with a subject that is still empty.
        return Subjects.IsLatest(request.Version)
            ? Answer(request, [])
            : throw RegistryErrors.VersionNotFound(Subjects.Number(request.Version));
    }

    private static async Task<AvroSchema> SchemaAsync(ApiRequest request)
    {
        var body = await request.BodyAsync(RegistryJson.Readable.SchemaRequest);
        return ParsedSchemas.Accept(request.State, body, request.Flag("normalize")).Tree;
    }

    private static CompatibilityAnswer Answer(ApiRequest request, IReadOnlyList<string> messages) =>
        new(messages.Count == 0, request.Flag("verbose") ? messages : null);
}
