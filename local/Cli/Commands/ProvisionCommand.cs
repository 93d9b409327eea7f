using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>
/// Creates the topics and registers the schemas of the catalogue on the Kafka and registry that the environment names, by the
/// same variables as every service. Hidden: `up` runs it.
/// </summary>
internal sealed class ProvisionCommand : AsyncCommand
{
    public override async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var kafka = new Dictionary<string, string> { ["bootstrap.servers"] = Required("Kafka__BootstrapServers") };
        var registry = new Dictionary<string, string> { ["schema.registry.url"] = Required("SchemaRegistry__Url") };
        try
        {
            using var provisioner = new Provisioner(kafka, registry);
            Console.Out.WriteLine(await provisioner.ProvisionAsync(Topics.All, cancellationToken));
            return ExitCodes.Ok;
        }
        catch (ProvisioningException e)
        {
            throw new CliException(e.Message);
        }
    }

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw CliException.Usage($"{variable} is not set.");
}
