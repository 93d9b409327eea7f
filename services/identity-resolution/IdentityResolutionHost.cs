using Commerce.Streaming.IdentityResolution.Adapters;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Processing;
using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>What the process is made of.</summary>
public static class IdentityResolutionHost
{
    public static void AddIdentityResolution(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<IdentityOptions>(IdentityOptions.Section);
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
        services.AddSingleton<IProfileLookup, RedisProfileLookup>();
        services.AddTopology(IdentityTopologies.Resolve, provider =>
        {
            var options = provider.GetRequiredService<IOptions<IdentityOptions>>().Value;
            return IdentityTopologies.BuildResolve(new ResolveHandlers(options.ToBlockedValues(), options.ToDeduplicationLimits(), options.ToLimits()), provider.GetRequiredService<Sealing>());
        });
        services.AddTopology(IdentityTopologies.Decide, provider =>
        {
            var options = provider.GetRequiredService<IOptions<IdentityOptions>>().Value;
            var logger = provider.GetRequiredService<ILogger<DecideHandlers>>();
            return IdentityTopologies.BuildDecide(new DecideHandlers(options.ToLimits(), options.ToBlockedValues(), logger), provider.GetRequiredService<Sealing>());
        });
    }
}
