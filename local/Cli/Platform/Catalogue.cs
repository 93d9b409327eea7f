using System.Text.Json;
using System.Text.Json.Serialization;
using Commerce.Streaming.Cli.CommandLine;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>All processes of the platform (services/catalogue.json), those that others depend on first.</summary>
public sealed record Catalogue(IReadOnlyList<CatalogueEntry> Processes)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static Catalogue Load() => Parse(File.ReadAllText(PlatformPaths.CatalogueFile));

    /// <exception cref="CliException">The file contradicts itself; the message lists everything that is wrong.</exception>
    public static Catalogue Parse(string text)
    {
        var catalogue = JsonSerializer.Deserialize<Catalogue>(text, Json)!;
        var errors = catalogue.Check().ToList();
        return errors.Count == 0
            ? new Catalogue(catalogue.InOrder())
            : throw new CliException("services/catalogue.json: " + string.Join("; ", errors));
    }

    /// <summary>What runs with these settings: a part that the user replaced, or switched off, does not.</summary>
    public IReadOnlyList<CatalogueEntry> Active(PlatformSettings settings) =>
        [.. Processes.Where(entry => entry.Kind switch
        {
            ProcessKind.Broker => settings.Kafka is null || settings.Registry is null,
            ProcessKind.Cache => settings.Redis is null,
            ProcessKind.Postgres => settings.Postgres is null,
            ProcessKind.Dashboard => settings.Dashboard,
            _ => true,
        })];

    public CatalogueEntry? Find(ProcessKind kind) => Processes.FirstOrDefault(entry => entry.Kind == kind);

    /// <summary>The port offset of the first entry of that kind.</summary>
    public int Offset(ProcessKind kind, string purpose) =>
        Find(kind)?.Ports.GetValueOrDefault(purpose) ?? throw new CliException($"services/catalogue.json has no {kind} with a port '{purpose}'.");

    private IEnumerable<string> Check()
    {
        var names = Processes.Select(entry => entry.Name).ToList();
        foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
            yield return $"'{twice.Key}' is listed twice";
        foreach (var port in Processes.SelectMany(entry => entry.Ports.Values).GroupBy(offset => offset).Where(group => group.Count() > 1))
            yield return $"port offset {port.Key} is used twice";
        foreach (var entry in Processes)
            foreach (var unknown in entry.DependsOn.Except(names))
                yield return $"'{entry.Name}' depends on '{unknown}', which is not listed";
        foreach (var entry in Processes.Where(entry => entry.Kind == ProcessKind.Service && (entry.Assembly is null || !entry.Ports.ContainsKey("http"))))
            yield return $"service '{entry.Name}' needs an assembly and a port 'http'";
    }

    private List<CatalogueEntry> InOrder()
    {
        var ordered = new List<CatalogueEntry>();
        var left = Processes.ToList();
        while (left.Count > 0)
        {
            var next = left.Where(entry => entry.DependsOn.All(name => ordered.Exists(done => done.Name == name))).ToList();
            if (next.Count == 0)
                throw new CliException($"services/catalogue.json: {string.Join(", ", left.Select(entry => entry.Name))} depend on each other.");
            ordered.AddRange(next);
            left.RemoveAll(next.Contains);
        }
        return ordered;
    }
}
