using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Commerce.Streaming.CompactedTopics;

/// <summary>Registration of in-memory views of compacted topics.</summary>
public static class CompactedTopicHost
{
    /// <summary>Keeps <typeparamref name="TView"/> in step with <paramref name="topic"/>; the service is ready while it is read whole and not too old, see <see cref="CompactedTopicOptions"/>.</summary>
    public static IHostApplicationBuilder AddCompactedView<T, TView>(this IHostApplicationBuilder builder, Topic<T> topic)
        where T : class, ISpecificRecord
        where TView : class, ICompactedView<T>
    {
        builder.AddRegistryClient();
        builder.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        builder.AddValidatedOptions<CompactedTopicOptions>(CompactedTopicOptions.Section);
        builder.Services.AddSingleton<TView>();
        builder.Services.AddSingleton(services =>
            ActivatorUtilities.CreateInstance<CompactedTopicReader<T>>(services, topic, (ICompactedView<T>)services.GetRequiredService<TView>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<CompactedTopicReader<T>>());
        builder.Services.AddReadiness(topic.Name, services => services.GetRequiredService<CompactedTopicReader<T>>().ReasonNotReady);
        builder.Services.AddLiveness($"{topic.Name}.reader", services => services.GetRequiredService<CompactedTopicReader<T>>().ReasonNotLive);
        return builder;
    }
}
