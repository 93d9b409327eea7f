namespace Commerce.Streaming.LocalRegistry;

/// <summary>The root, and what tools ask before they trust a registry.</summary>
internal static class ServerApi
{
    /// <summary>The generation of Confluent's API that is spoken.</summary>
    private const string ApiVersion = "7.9.0";

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/", _ => new RawJson("{}"));
        routes.Get("/contexts", _ => new[] { "." });
        routes.Get("/v1/metadata/version", _ => new ServerVersionAnswer(ApiVersion, "local"));
        routes.Get("/v1/metadata/id", _ => new ServerIdAnswer(
            new ServerScope([], new Dictionary<string, string> { ["kafka-cluster"] = "local", ["schema-registry-cluster"] = "local" }), ""));
    }
}
