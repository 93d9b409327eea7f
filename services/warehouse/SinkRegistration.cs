using Commerce.Streaming.FetchWatch;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Warehouse.Postgres;
using Commerce.Streaming.Warehouse.Sink;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Warehouse;

internal static class SinkRegistration
{
    /// <summary>Adds the sink, its adapters and its readiness.</summary>
    public static void AddSink(this WebApplicationBuilder builder)
    {
        builder.AddApiAccess();
        builder.AddValidatedOptions<SealingOptions>(SealingOptions.Section);
        builder.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        builder.AddValidatedOptions<SchemaRegistryOptions>(SchemaRegistryOptions.Section);
        builder.AddValidatedOptions<PostgresOptions>(PostgresOptions.Section);
        builder.AddValidatedOptions<SinkOptions>(SinkOptions.Section);
        builder.Services
            .AddSingleton(WarehouseDatabase.Open)
            .AddSingleton<ISchemaRegistryClient>(services =>
                new CachedSchemaRegistryClient(services.GetRequiredService<IOptions<SchemaRegistryOptions>>().Value.ToClientProperties()))
            .AddSingleton<RawSealer>()
            .AddSingleton<RecordReader>()
            .AddSingleton<SinkState>()
            .AddSingleton(services => new FetchProgress(services.GetRequiredService<TimeProvider>(), FetchWatcher.StalledAfter))
            .AddSingleton<BatchCollector>()
            .AddSingleton<BatchLoader>()
            .AddSingleton<IDeadLetters, KafkaDeadLetters>()
            .AddSingleton<IWarehouse, PostgresWarehouse>()
            .AddHostedService<SinkLoop>()
            .AddReadiness("sink", services => services.GetRequiredService<SinkState>().NotReady);
    }
}
