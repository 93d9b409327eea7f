using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary><c>provision repartition [--apply | --abandon]</c>.</summary>
internal static class RepartitionCommand
{
    public const string Verb = "repartition";
    private const string Apply = "--apply";
    private const string Abandon = "--abandon";

    /// <returns>0; 78 when a setting is missing or makes no sense; 1 when it cannot be done, with the reason on standard error.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, IConfiguration configuration, TimeProvider clock, CancellationToken cancellation)
    {
        if (arguments is not ([] or [Apply] or [Abandon]))
        {
            Console.Error.WriteLine($"usage: provision {Verb} [{Apply} | {Abandon}]");
            return Settings.Invalid;
        }

        var kafka = Settings.Read<KafkaOptions>(configuration, KafkaOptions.Section);
        var registry = Settings.Read<SchemaRegistryOptions>(configuration, SchemaRegistryOptions.Section);
        var options = Settings.Read<RepartitionOptions>(configuration, RepartitionOptions.Section);
        var faults = Settings.Faults(kafka).Concat(Settings.Faults(registry)).Concat(Settings.Faults(options)).ToList();
        var postgres = Settings.Read<PostgresOptions>(configuration, PostgresOptions.Section);
        if (options.Warehouse)
            faults.AddRange(Settings.Faults(postgres).Select(fault => $"{fault}. The warehouse's positions are there; Repartition__Warehouse=false says that there is none"));
        if (faults.Count > 0)
        {
            faults.ForEach(Console.Error.WriteLine);
            return Settings.Invalid;
        }

        using var cluster = new KafkaCluster(kafka.ToClientProperties(), clock);
        using var schemas = new CachedSchemaRegistryClient(registry.ToClientProperties());
        var sink = options.Warehouse ? new SinkPositions(postgres.ToConnectionString()) : null;
        var repartitioner = Of(cluster, schemas, sink, Topics.All, options, clock, Console.WriteLine, step => Console.WriteLine("- " + step));
        try
        {
            if (arguments is [Abandon])
                await repartitioner.AbandonAsync(cancellation);
            else
                await repartitioner.RunAsync(kafka.PartitionsMultiple, arguments is [Apply], cancellation);
            return 0;
        }
        catch (Exception failure) when (failure is RepartitionException or ProvisioningException or KafkaException or SchemaRegistryException or HttpRequestException or Npgsql.NpgsqlException)
        {
            Console.Error.WriteLine(failure.Message);
            return Settings.Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped. Run it again: it goes on where it stood.");
            return Settings.Failed;
        }
    }

    internal static Repartitioner Of(
        KafkaCluster kafka, ISchemaRegistryClient registry, SinkPositions? sink, IReadOnlyList<Topic> catalogue, RepartitionOptions options, TimeProvider clock,
        Action<string> say, Action<string> step)
    {
        var copy = new TopicCopy(kafka);
        return new Repartitioner(
            kafka, new HomeReading(copy, kafka, registry, catalogue), copy, new Journal(kafka), new Readiness(kafka, catalogue, sink, options, clock), sink, catalogue, clock, say, step);
    }
}
