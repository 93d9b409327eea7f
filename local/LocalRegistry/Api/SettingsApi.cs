using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary><c>/config</c> and <c>/mode</c>, global and by subject.</summary>
internal static class SettingsApi
{
    public static void Map(ApiRoutes routes, CompatibilityLevel defaultLevel)
    {
        routes.Get("/config", request => Level(Checking.LevelInScope(request.State, null, defaultLevel)));
        routes.Get("/config/{subject}", request =>
            request.Flag("defaultToGlobal") ? Level(Checking.LevelInScope(request.State, request.Subject, defaultLevel))
            : request.State.LevelOf(request.Subject) is { } own ? Level(own)
            : throw RegistryErrors.NoSubjectLevel(request.Subject));
        routes.Put("/config", request => SetLevel(request, null));
        routes.Put("/config/{subject}", request => SetLevel(request, request.Subject));
        routes.Delete("/config", request => ClearLevel(request, null, defaultLevel));
        routes.Delete("/config/{subject}", request => ClearLevel(request, request.Subject, defaultLevel));

        routes.Get("/mode", request => new ModeBody(request.State.ModeInScope(null).WireName()));
        routes.Get("/mode/{subject}", request =>
            request.Flag("defaultToGlobal") ? new ModeBody(request.State.ModeInScope(request.Subject).WireName())
            : request.State.ModeOf(request.Subject) is { } own ? new ModeBody(own.WireName())
            : throw RegistryErrors.NoSubjectMode(request.Subject));
        routes.Put("/mode", request => SetMode(request, null));
        routes.Put("/mode/{subject}", request => SetMode(request, request.Subject));
        routes.Delete("/mode", request => ClearMode(request, null));
        routes.Delete("/mode/{subject}", request => ClearMode(request, request.Subject));
    }

    private static LevelAnswer Level(CompatibilityLevel level) => new(level.WireName());

    private static async Task<object> SetLevel(ApiRequest request, string? subject)
    {
        var body = await request.BodyAsync(RegistryJson.Readable.LevelRequest);
        return new LevelSetAnswer(await request.Store.WriteAsync(
            state => Settings.SetLevel(state, subject, body.Compatibility ?? body.CompatibilityLevel), request.Cancel));
    }

    private static async Task<object> ClearLevel(ApiRequest request, string? subject, CompatibilityLevel defaultLevel) =>
        new LevelAnswer(await request.Store.WriteAsync(state => Settings.ClearLevel(state, subject, defaultLevel), request.Cancel));

    private static async Task<object> SetMode(ApiRequest request, string? subject)
    {
        var body = await request.BodyAsync(RegistryJson.Readable.ModeBody);
        var force = request.Flag("force");
        return new ModeBody(await request.Store.WriteAsync(state => Settings.SetMode(state, subject, body.Mode, force), request.Cancel));
    }

    private static async Task<object> ClearMode(ApiRequest request, string? subject) =>
        new ModeBody(await request.Store.WriteAsync(state => Settings.ClearMode(state, subject), request.Cancel));
}
