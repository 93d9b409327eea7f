using Commerce.Streaming.ServiceDefaults;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.TopicWriting;

/// <summary>Registration of the registry client.</summary>
public static class RegistryClientHost
{
    /// <summary>One registry client for the process, configured by the section SchemaRegistry.</summary>
    public static IHostApplicationBuilder AddRegistryClient(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<SchemaRegistryOptions>(SchemaRegistryOptions.Section);
        builder.Services.TryAddSingleton<ISchemaRegistryClient>(services =>
            new CachedSchemaRegistryClient(services.GetRequiredService<IOptions<SchemaRegistryOptions>>().Value.ToClientProperties()));
        return builder;
    }
}
