using Commerce.Streaming.ServiceDefaults;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>Routes of the collection API, its CORS rules and its documentation.</summary>
internal static class CollectionApi
{
    private const string OpenApiRoute = "/docs/openapi.json";
    private static readonly TimeSpan PreflightAge = TimeSpan.FromDays(1);

    // The short forms are what Segment's browser SDK calls.
    private static readonly (string Type, string Short, string Summary)[] Calls =
    [
        ("track", "t", "Something a person did, such as Order Completed"),
        ("identify", "i", "Who a person is"),
        ("page", "p", "A page was viewed"),
        ("screen", "s", "A screen of an app was viewed"),
        ("group", "g", "A person belongs to a group"),
        ("alias", "a", "Two ids are one person"),
    ];

    public static IServiceCollection AddCollectionApi(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<IngestOptions>>((cors, ingest) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. ingest.Value.AllowedOrigins]).AllowAnyHeader().WithMethods(HttpMethods.Post).SetPreflightMaxAge(PreflightAge)));
        return services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Collection API";
            document.Info.Description =
                "Segment-shaped calls. 2xx only after Kafka has acknowledged. Authenticate with Basic <write key>: or 'writeKey' in the body. Gzip is accepted.";
            return Task.CompletedTask;
        }));
    }

    public static WebApplication MapIngest(this WebApplication app)
    {
        app.UseCors();
        // Open to the guard of the other APIs: a write key says who sends.
        var endpoint = app.Services.GetRequiredService<CollectEndpoint>();
        foreach (var (type, shortForm, summary) in Calls)
        {
            // As delegates, not as RequestDelegates: only those are described.
            Delegate handler = (HttpContext http) => endpoint.HandleAsync(http, type);
            Describe<Event>(app.MapPost($"/v1/{type}", handler).OpenToAll(), summary);
            app.MapPost($"/v1/{shortForm}", handler).OpenToAll().ExcludeFromDescription();
        }

        Delegate batchHandler = (HttpContext http) => endpoint.HandleAsync(http, null);
        Describe<Batch>(app.MapPost("/v1/batch", batchHandler).OpenToAll(), "Up to 2,500 calls, each judged on its own");
        app.MapPost("/v1/b", batchHandler).OpenToAll().ExcludeFromDescription();
        app.MapPost("/v1/import", batchHandler).OpenToAll().ExcludeFromDescription();
        app.MapOpenApi(OpenApiRoute).OpenToAll();
        app.MapScalarApiReference("/docs", scalar => scalar.WithOpenApiRoutePattern(OpenApiRoute).WithTitle("Collection API")).OpenToAll();
        return app;
    }

    private static void Describe<TBody>(RouteHandlerBuilder route, string summary) where TBody : notnull => route
        .WithSummary(summary)
        .WithTags("Collection")
        .AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            // Not by Accepts: with it the router itself answers 415, without a reason.
            var schema = await context.GetOrCreateSchemaAsync(typeof(TBody), null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
        })
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Results), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status207MultiStatus, typeof(Results), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(Results), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(Refusal), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status413PayloadTooLarge, typeof(Refusal), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status415UnsupportedMediaType, typeof(Refusal), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status429TooManyRequests, typeof(Refusal), ["application/json"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(Refusal), ["application/json"]));
}
