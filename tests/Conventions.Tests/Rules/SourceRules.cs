using System.Text.RegularExpressions;

namespace Commerce.Streaming.Conventions.Tests;

internal static partial class SourceRules
{
    public const int MaxLines = 400;

    /// <summary>Files that were longer when the rule came: they may shrink, not grow.</summary>
    private static readonly Dictionary<string, int> Ratchet = new() { ["local/LocalBroker/Storage/PartitionLog.cs"] = 405 };

    private static readonly string[] Written = [".cs", ".md", ".json", ".avsc", ".csproj", ".props", ".targets", ".sh", ".yml", ".yaml", ".sql", ".tpl"];

    /// <summary>The list of banned symbols names them, and a changelog may tell that one is gone.</summary>
    private static readonly string[] MayNameThem = ["BannedSymbols.txt", "CHANGELOG.md"];

    private static readonly string[] Vague = ["Common", "Core", "Util", "Utils", "Utilities", "Infrastructure", "Helper", "Helpers", "Misc"];

    private static readonly string[] RootFiles =
    [
        "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Commerce.Streaming.sln", "Directory.Build.props",
        "Directory.Build.targets", "Directory.Packages.props", "global.json", "NuGet.config", "nuget.config", ".editorconfig", ".gitignore",
        ".gitattributes", ".dockerignore", "Dockerfile", "docker-compose.yml", "commerce", "BannedSymbols.txt",
    ];

    public static IEnumerable<string> TooLong(Repository repository) =>
        from file in Sources(repository)
        let lines = file.Text.TrimEnd('\n').Count(c => c == '\n') + 1
        where lines > Ratchet.GetValueOrDefault(file.Path, MaxLines)
        select $"{file.Path}: {lines} lines";

    public static IEnumerable<string> BannedWords(Repository repository) =>
        from file in repository.WithExtension(Written)
        where !MayNameThem.Contains(file.Path)
        from line in file.Lines
        where Banned().IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    public static IEnumerable<string> Regions(Repository repository) =>
        from file in Sources(repository)
        from line in file.Lines
        where line.Text.TrimStart().StartsWith("#" + "region", StringComparison.Ordinal)
        select $"{file.Path}:{line.Number}";

    public static IEnumerable<string> ImpureDomain(Repository repository) =>
        from file in Sources(repository)
        where file.Path.Contains("/Domain/", StringComparison.Ordinal) && file.Room != "tests"
        from line in file.Lines
        where Outside().IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    public static IEnumerable<string> VagueNames(Repository repository) =>
        repository.Files.SelectMany(file => file.Path.Split('/')[..^1])
            .Concat(repository.WithExtension(".csproj").Select(file => Path.GetFileNameWithoutExtension(file.Name)).SelectMany(name => name.Split('.')))
            .Where(part => Vague.Contains(part, StringComparer.OrdinalIgnoreCase)).Distinct();

    public static IEnumerable<string> StrayRootFiles(Repository repository) =>
        repository.Files.Where(file => file.Room == "" && !RootFiles.Contains(file.Path)).Select(file => file.Path);

    private static IEnumerable<RepositoryFile> Sources(Repository repository) =>
        repository.WithExtension(".cs").Where(file => !file.Name.EndsWith(".g.cs", StringComparison.Ordinal));

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|NotImplemented[E]xception)\b|\bfor [n]ow\b|\bDateTime(Offset)?\.(Utc)?[N]ow\b|\bDateTime\.[T]oday\b|\bThread\.[S]leep\b")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\b(Confluent|Npgsql|StackExchange|Dapper)\.|using (Npgsql|Dapper)\b|Microsoft\.Extensions\.(Hosting|Logging|DependencyInjection)|Microsoft\.AspNetCore|System\.Net\.Http")]
    private static partial Regex Outside();
}
