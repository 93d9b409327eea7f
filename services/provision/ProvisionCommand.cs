using System.ComponentModel.DataAnnotations;
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
    public const int Failed = 1;
    public const int InvalidConfiguration = 78;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <returns>0; 78 when a setting is missing or makes no sense; 1 when Kafka or the registry refused or did not answer in time.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TimeProvider time, CancellationToken cancellationToken)
    {
        var kafka = Read<KafkaOptions>(configuration, KafkaOptions.Section);
        var registry = Read<SchemaRegistryOptions>(configuration, SchemaRegistryOptions.Section);
        var options = Read<ProvisionOptions>(configuration, ProvisionOptions.Section);
        var faults = Faults(kafka).Concat(Faults(registry)).Concat(Faults(options)).ToList();
        if (faults.Count > 0)
        {
            faults.ForEach(Console.Error.WriteLine);
            return InvalidConfiguration;
        }

        var begin = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var provisioner = new Provisioner(
                    kafka.ToClientProperties(), registry.ToClientProperties(), new ProvisioningOptions(options.ReplicationFactor));
                Console.WriteLine(await provisioner.ProvisionAsync(Topics.All, cancellationToken));
                return 0;
            }
            catch (ProvisioningException refused) when (time.GetElapsedTime(begin).TotalSeconds < options.WaitSeconds)
            {
                Console.Error.WriteLine($"{refused.Message}; trying again");
                await Task.Delay(RetryPause, time, cancellationToken);
            }
            catch (ProvisioningException refused)
            {
                Console.Error.WriteLine(refused.Message);
                return Failed;
            }
            catch (OperationCanceledException)
            {
                return Failed;
            }
        }
    }

    internal static T Read<T>(IConfiguration configuration, string section) where T : new() =>
        configuration.GetSection(section).Get<T>() ?? new T();

    internal static IEnumerable<string> Faults(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => result.ErrorMessage ?? "A setting makes no sense");
    }
}
