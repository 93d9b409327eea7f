using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Rewind;

/// <summary>Brings state and offsets of the pipelines back to a moment: after the loss of a region, before the services start in the other.</summary>
internal static class RewindCommand
{
    public const string Verb = "rewind";

    /// <returns>0; 78 when a setting is missing or makes no sense; 1 when a service runs, or Kafka refused or did not answer in time.</returns>
    public static int Run(IConfiguration configuration, TimeProvider clock, CancellationToken cancellation)
    {
        var kafka = Settings.Read<KafkaOptions>(configuration, KafkaOptions.Section);
        var options = Settings.Read<RewindOptions>(configuration, RewindOptions.Section);
        var faults = Settings.Faults(kafka).Concat(Settings.Faults(options)).ToList();
        if (faults.Count > 0)
        {
            faults.ForEach(Console.Error.WriteLine);
            return Settings.Invalid;
        }

        try
        {
            using var cluster = new KafkaCluster(kafka.ToClientProperties(), clock);
            var done = new StateRewind(cluster, Topics.All).Run(options.To!.Value, TimeSpan.FromSeconds(options.RereadSeconds), cancellation);
            Console.WriteLine($"{done.Keys} entries of state are as of {options.To.Value:O}, {done.Offsets} offsets before it");
            return 0;
        }
        catch (Exception failure) when (failure is ProvisioningException or KafkaException)
        {
            Console.Error.WriteLine(failure.Message);
            return Settings.Failed;
        }
        catch (OperationCanceledException)
        {
            return Settings.Failed;
        }
    }
}
