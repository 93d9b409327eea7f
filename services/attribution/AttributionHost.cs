using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Processing;
using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Attribution;

/// <summary>What the process is made of.</summary>
public static class AttributionHost
{
    public static void AddAttribution(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<AttributionOptions>(AttributionOptions.Section);
        builder.AddApiAccess();
        builder.AddValidatedOptions<SealingOptions>(SealingOptions.Section);
        builder.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        builder.AddValidatedOptions<SchemaRegistryOptions>(SchemaRegistryOptions.Section);
        builder.AddValidatedOptions<RedisOptions>(RedisOptions.Section);
        var services = builder.Services;
        services.AddViewReading();
        services.AddSingleton<RawSealer>();
        services.AddSingleton(provider =>
        {
            var sealer = provider.GetRequiredService<RawSealer>();
            return new Sealing(sealer.Seal, sealer.Open);
        });
        services.AddSingleton<ICreditsLookup, RedisCreditsLookup>();
        services.AddTopology(AttributionTopology.Name, provider =>
        {
            var options = provider.GetRequiredService<IOptions<AttributionOptions>>().Value;
            var rules = options.ToRules();
            return AttributionTopology.Build(new AttributionHandlers(ChannelRulesFile.Load(), rules), new Forgetting(rules), provider.GetRequiredService<Sealing>());
        });
    }
}
