using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Commerce.Streaming.TopicWriting;

/// <summary>Registration of topic writers.</summary>
public static class TopicWritingHost
{
    /// <summary>One <typeparamref name="TWriter"/> for the process, and a readiness check "kafka" that probes what it needs.</summary>
    public static IHostApplicationBuilder AddTopicWriter<TWriter>(this IHostApplicationBuilder builder) where TWriter : class, ITopicWriter
    {
        builder.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        builder.AddRegistryClient();
        builder.Services.AddSingleton<TWriter>();
        builder.Services.AddSingleton<TopicProbe<TWriter>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TopicProbe<TWriter>>());
        builder.Services.AddReadiness("kafka", services => services.GetRequiredService<TopicProbe<TWriter>>().ReasonNotReady);
        return builder;
    }
}
