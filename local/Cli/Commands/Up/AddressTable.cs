using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Where to look once the platform runs.</summary>
internal static class AddressTable
{
    public static void Write(PlatformSettings settings)
    {
        var table = Screen.Table("", "address");
        foreach (var (title, address) in Rows(settings))
            table.AddRow(title.EscapeMarkup(), address.EscapeMarkup());
        Screen.Out.Write(table);
        Screen.Error.WriteLine("The platform is ready. ./commerce status shows its processes, ./commerce env its addresses as shell exports, ./commerce down stops it.");
    }

    private static IEnumerable<(string Title, string Address)> Rows(PlatformSettings settings)
    {
        var catalogue = Catalogue.Load();
        var addresses = new PlatformAddresses(settings, PlatformKeys.LoadOrCreate(settings.Paths), catalogue);
        foreach (var service in catalogue.Processes.Where(entry => entry.Kind is ProcessKind.Service))
            yield return (service.Title, addresses.Service(service.Name));
        yield return ("Kafka", addresses.Kafka);
        yield return ("Schema registry", addresses.SchemaRegistry);
        yield return ("Redis", addresses.Redis);
        yield return ("PostgreSQL", $"{addresses.PostgresOwner.Host}:{addresses.PostgresOwner.Port}/{addresses.PostgresOwner.Database}");
        if (settings.Dashboard && DashboardFolder.Path is not null)
            yield return ("Dashboard: traces, metrics, logs", addresses.Dashboard);
    }
}
