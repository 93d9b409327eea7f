using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;

namespace Commerce.Streaming.Provision;

/// <summary>
/// Creates the topics and registers the schemas of the catalogue on the Kafka and registry that the environment names, by the same
/// variables as every service. Running it again changes nothing.
/// </summary>
internal static class ProvisionCommand
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <returns>0; 78 when a setting is missing or makes no sense; 1 when Kafka or the registry refused or did not answer in time.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TimeProvider time, CancellationToken cancellationToken)
    {
        var kafka = Settings.Read<KafkaOptions>(configuration, KafkaOptions.Section);
        var registry = Settings.Read<SchemaRegistryOptions>(configuration, SchemaRegistryOptions.Section);
        var options = Settings.Read<ProvisionOptions>(configuration, ProvisionOptions.Section);
        var faults = Settings.Faults(kafka).Concat(Settings.Faults(registry)).Concat(Settings.Faults(options)).ToList();
        if (faults.Count > 0)
        {
            faults.ForEach(Console.Error.WriteLine);
            return Settings.Invalid;
        }

        var begin = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var provisioner = new Provisioner(
                    kafka.ToClientProperties(), registry.ToClientProperties(), new ProvisioningOptions(options.ReplicationFactor, PartitionsMultiple: kafka.PartitionsMultiple));
                var result = await provisioner.ProvisionAsync(Topics.All, cancellationToken);
                Console.WriteLine(result);
                foreach (var notice in result.Notices)
                    Console.WriteLine(notice);
                return Report(result) ? 0 : Settings.Failed;
            }
            catch (ProvisioningException refused) when (time.GetElapsedTime(begin).TotalSeconds < options.WaitSeconds)
            {
                Console.Error.WriteLine($"{refused.Message}; trying again");
                await Task.Delay(RetryPause, time, cancellationToken);
            }
            catch (ProvisioningException refused)
            {
                Console.Error.WriteLine(refused.Message);
                return Settings.Failed;
            }
            catch (OperationCanceledException)
            {
                return Settings.Failed;
            }
        }
    }

    // Services would refuse to start with such topics: better before the old ones are replaced.
    private static bool Report(ProvisioningResult result)
    {
        var byName = Topics.All.ToDictionary(topic => topic.Name, StringComparer.Ordinal);
        var wrong = result.Topics.Where(item => item.Outcome == ProvisioningOutcome.Differs && byName[item.Name] is { Home: not null } or { Readers.Count: > 0 }).ToList();
        wrong.ForEach(item => Console.Error.WriteLine($"{item.Name} {item.Detail}"));
        if (wrong.Count > 0)
            Console.Error.WriteLine("Partitions are chosen once, by Kafka__PartitionsMultiple; `provision repartition` raises them later");
        return wrong.Count == 0;
    }
}
