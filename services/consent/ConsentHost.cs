using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Consent.Domain;
using Commerce.Streaming.Consent.Http;
using Commerce.Streaming.Consent.Kafka;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Processing;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;

namespace Commerce.Streaming.Consent;

/// <summary>Composition of the service.</summary>
internal static class ConsentHost
{
    public static WebApplicationBuilder AddConsent(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ConsentOptions>(ConsentOptions.Section);
        builder.AddValidatedOptions<PrivacyOptions>(SealingOptions.Section);
        builder.AddValidatedOptions<SealingOptions>(SealingOptions.Section);
        builder.AddApiAccess();
        builder.AddTopicWriter<RequestWriter>();
        builder.AddCompactedView<ConsentDecided, DecisionLedger>(Topics.ConsentDecisions);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton<Pseudonymizer>();
        builder.Services.AddSingleton<ConsentMetrics>();
        builder.Services.AddSingleton<Decider>();
        builder.Services.AddSingleton<RawSealer>();
        builder.Services.AddSingleton(provider =>
        {
            var sealer = provider.GetRequiredService<RawSealer>();
            return new Sealing(sealer.Seal, sealer.Open);
        });
        builder.Services.AddTopology(ConsentTopology.Name, services => ConsentTopology.Build(services.GetRequiredService<Sealing>()));
        builder.Services.AddSingleton<DecisionEndpoint>();
        builder.Services.AddDecisionApi();
        return builder;
    }
}
