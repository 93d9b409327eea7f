using System.Text.Json;
using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Ingest.Consent;
using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.Ingest.Http;
using Commerce.Streaming.Ingest.Kafka;
using Commerce.Streaming.Ingest.Sources;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Ingest;

/// <summary>Composition of the service.</summary>
internal static class IngestHost
{
    /// <summary>
    /// What Kestrel lets in at most. Bodies above the API's own limit are read to their end up to here, so that their senders see the
    /// 413; beyond, the connection is cut.
    /// </summary>
    private const long DiscardedBytesMax = 64 * 1024 * 1024;

    public static WebApplicationBuilder AddIngest(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[$"{IngestOptions.Section}:{nameof(IngestOptions.SourcesFile)}"] is { Length: > 0 } file)
            builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
        builder.AddValidatedOptions<IngestOptions>(IngestOptions.Section);
        builder.AddValidatedOptions<SourcesOptions>(SourcesOptions.Section);
        builder.AddValidatedOptions<PrivacyOptions>(SealingOptions.Section);
        builder.AddValidatedOptions<SealingOptions>(SealingOptions.Section);
        builder.AddTopicWriter<EventProducer>();
        builder.AddCompactedView<ConsentDecided, ConsentTable>(Topics.ConsentDecisions);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = DiscardedBytesMax;
        });

        var services = builder.Services;
        services.AddSingleton<Pseudonymizer>();
        services.AddSingleton<RawSealer>();
        services.AddSingleton<IConsentLookup>(provider => provider.GetRequiredService<ConsentTable>());
        services.AddSingleton(provider => new EventRules(
            provider.GetRequiredService<IOptions<IngestOptions>>().Value,
            provider.GetRequiredService<Pseudonymizer>(),
            provider.GetRequiredService<IConsentLookup>()));
        services.AddSingleton<SourceCatalogue>();
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<InFlightGate>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<CollectEndpoint>();
        services.AddCollectionApi();
        return builder;
    }
}
