using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.ServiceDefaults;

namespace Commerce.Streaming.Provision;

/// <summary>Brings state and offsets of the pipelines back to a moment: after the loss of a region, before the services start in the other.</summary>
internal static class RewindCommand
{
    public const string Name = "rewind";
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <returns>0; 78 when a setting is missing or makes no sense; 1 when Kafka refused or did not answer in time.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, CancellationToken cancellationToken)
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
            var done = await new StateRewind(kafka.ToClientProperties(), RequestTimeout).RunAsync(
                Topics.All, options.To!.Value, TimeSpan.FromSeconds(options.RereadSeconds), cancellationToken);
            Console.WriteLine($"{done.Keys} entries of state are as of {options.To.Value:O}, {done.Offsets} offsets before it");
            return 0;
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
