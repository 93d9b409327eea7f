using System.Text.Json;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path));

    public static GeneratedFiles Generated { get; } = new(Root);

    /// <summary>C# sources of services and shared libraries, without what a build wrote.</summary>
    public static IEnumerable<string> Sources() => new[] { "services", "shared" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    /// <summary>Topics of the catalogue and their partitions.</summary>
    public static IReadOnlyDictionary<string, int> Topics()
    {
        using var json = JsonDocument.Parse(Read("schemas/topics.json"));
        return json.RootElement.GetProperty("topics").EnumerateArray().ToDictionary(
            topic => topic.GetProperty("name").GetString()!, topic => topic.GetProperty("partitions").GetInt32(), StringComparer.Ordinal);
    }

    /// <summary>Entries of services/catalogue.json.</summary>
    public static IReadOnlyList<JsonElement> Catalogue()
    {
        using var json = JsonDocument.Parse(Read("services/catalogue.json"));
        return [.. json.RootElement.GetProperty("processes").EnumerateArray().Select(entry => entry.Clone())];
    }

    public static IReadOnlyList<string> Services() =>
        [.. Catalogue().Where(entry => !entry.TryGetProperty("kind", out _)).Select(entry => entry.GetProperty("name").GetString()!)];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Commerce.Streaming.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No solution above {AppContext.BaseDirectory}");
    }
}
