using Commerce.Streaming.ServiceDefaults;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Commerce.Streaming.Consent.Http;

/// <summary>Routes of the decision API, its CORS rules and its documentation.</summary>
internal static class DecisionApi
{
    private const string Route = "/v1/decisions";
    private const string OpenApiRoute = "/docs/openapi.json";
    private static readonly TimeSpan PreflightAge = TimeSpan.FromDays(1);

    public static IServiceCollection AddDecisionApi(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<ConsentOptions>>((cors, consent) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. consent.Value.AllowedOrigins]).AllowAnyHeader().WithMethods(HttpMethods.Get, HttpMethods.Post).SetPreflightMaxAge(PreflightAge)));
        return services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Consent API";
            document.Info.Description = "Records what people agree to. 200 means that Kafka has the decision.";
            return Task.CompletedTask;
        }));
    }

    public static WebApplication MapDecisions(this WebApplication app)
    {
        app.UseCors();
        var endpoint = app.Services.GetRequiredService<DecisionEndpoint>();
        app.MapPost(Route, endpoint.PostAsync).RequireScope("consent:write")
            .WithSummary("A person decides").WithTags("Decisions")
            .Produces<DecisionAnswer>().Produces<RefusalAnswer>(StatusCodes.Status400BadRequest)
            .Produces<RefusalAnswer>(StatusCodes.Status413PayloadTooLarge).Produces<RefusalAnswer>(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
            {
                var schema = await context.GetOrCreateSchemaAsync(typeof(DecisionBody), null, cancellationToken);
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
            });
        app.MapGet(Route, endpoint.Get).RequireScope("consent:read")
            .WithSummary("What holds for a person, and how it came about").WithTags("Decisions")
            .Produces<SubjectAnswer>().Produces<RefusalAnswer>(StatusCodes.Status400BadRequest).Produces<RefusalAnswer>(StatusCodes.Status404NotFound)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Parameters = [.. ((string[])["userId", "platform", "anonymousId", "email", "tenant"]).Select(name =>
                    (IOpenApiParameter)new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } })];
                return Task.CompletedTask;
            });
        app.MapOpenApi(OpenApiRoute).OpenToAll();
        app.MapScalarApiReference("/docs", scalar => scalar.WithOpenApiRoutePattern(OpenApiRoute).WithTitle("Consent API")).OpenToAll();
        return app;
    }
}
