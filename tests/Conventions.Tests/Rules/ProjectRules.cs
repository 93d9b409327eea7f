using System.Text.RegularExpressions;

namespace Commerce.Streaming.Conventions.Tests;

internal static partial class ProjectRules
{
    private const string VersionsFile = "Directory.Packages.props";

    public static IEnumerable<string> OutsideSolution(Repository repository)
    {
        var solution = string.Join('\n', repository.WithExtension(".sln").Select(file => file.Text)).Replace('\\', '/');
        return repository.WithExtension(".csproj").Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)).Select(project => project.Path);
    }

    public static IEnumerable<string> Misnamed(Repository repository) =>
        repository.WithExtension(".csproj").Where(project => !IsWellNamed(project)).Select(project => project.Path);

    public static IEnumerable<string> WrongWayReferences(Repository repository) =>
        from project in repository.WithExtension(".csproj")
        from Match match in ProjectReference().Matches(project.Text)
        let target = Resolve(project.Path, match.Groups["path"].Value.Replace('\\', '/'))
        where !MayRefer(project.Path, target)
        select $"{project.Path} → {target}";

    public static IEnumerable<string> ScatteredVersions(Repository repository) =>
        from file in repository.WithExtension(".csproj", ".props", ".targets")
        from line in file.Lines
        let match = PackageVersion().Match(line.Text)
        where match.Success && (file.Path != VersionsFile || !ExactVersion().IsMatch(match.Groups["version"].Value))
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    /// <summary>Images that tests start in another version than the one that docker-compose.yml runs; those it does not run are free.</summary>
    public static IEnumerable<string> OtherImages(Repository repository)
    {
        var run = repository.Files.Where(file => file.Path == "docker-compose.yml").SelectMany(file => Image().Matches(file.Text))
            .Select(match => match.Groups["image"].Value.Split(':')).Where(image => image.Length == 2).ToLookup(image => image[0], image => image[1]);
        return from file in repository.Files
               where file.Name == "ContainerImages.cs"
               from Match match in ImageConstant().Matches(file.Text)
               let name = match.Groups["name"].Value
               where run.Contains(name) && !run[name].Contains(match.Groups["tag"].Value)
               select $"{file.Path}: {name}:{match.Groups["tag"].Value}, docker-compose.yml: {string.Join(", ", run[name])}";
    }

    private static bool IsWellNamed(RepositoryFile project)
    {
        var stem = project.Name[..^".csproj".Length];
        if (!stem.StartsWith("Commerce.Streaming.", StringComparison.Ordinal))
            return false;
        var folder = project.Path.Split('/')[^2];
        var thing = stem["Commerce.Streaming.".Length..];
        // Services live in lower-kebab folders, everything else in the thing's own name.
        return project.Room is "services" ? folder.Replace("-", "", StringComparison.Ordinal).Equals(thing, StringComparison.OrdinalIgnoreCase) : folder == thing;
    }

    private static bool MayRefer(string from, string to)
    {
        var (room, other) = (from.Split('/')[0], to.Split('/')[0]);
        return room switch
        {
            "tests" or "samples" => true,
            "shared" => other == "shared",
            "services" => other == "shared" || SameService(from, to),
            "local" => other is "shared" or "local",
            _ => false,
        };
    }

    private static bool SameService(string from, string to) => from.Split('/').Take(2).SequenceEqual(to.Split('/').Take(2));

    private static string Resolve(string project, string relative)
    {
        var parts = new Stack<string>(project.Split('/')[..^1]);
        foreach (var part in relative.Split('/'))
        {
            if (part == "..")
                parts.Pop();
            else if (part != ".")
                parts.Push(part);
        }
        return string.Join('/', parts.Reverse());
    }

    [GeneratedRegex("""<ProjectReference\s+Include="(?<path>[^"$]+)""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("""<Package(Reference|Version)\s[^>]*\bVersion(Override)?="(?<version>[^"]*)""")]
    private static partial Regex PackageVersion();

    [GeneratedRegex(@"^\d+\.\d+[0-9A-Za-z.\-]*$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex("""image: (?<image>[^\s$]+)""")]
    private static partial Regex Image();

    [GeneratedRegex("const string \\w+ = \"(?<name>[^\":]+):(?<tag>[^\"]+)\"")]
    private static partial Regex ImageConstant();
}
