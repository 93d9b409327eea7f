using System.Text.Json;
using System.Text.RegularExpressions;

namespace Commerce.Streaming.Conventions.Tests;

internal static partial class DocumentRules
{
    public static IEnumerable<string> BrokenLinks(Repository repository) =>
        from file in repository.WithExtension(".md")
        from line in Prose(file)
        from Match link in Link().Matches(InlineCode().Replace(line.Text, ""))
        let target = link.Groups["target"].Value
        where !IsElsewhere(target) && !Leads(repository, file, target)
        select $"{file.Path}:{line.Number}: {target}";

    public static IEnumerable<string> UnknownTopics(Repository repository)
    {
        var known = TopicNames(repository);
        return from file in repository.WithExtension(".md")
               from line in file.Lines
               from Match topic in Topic().Matches(line.Text)
               where !known.Contains(topic.Value)
               select $"{file.Path}:{line.Number}: {topic.Value}";
    }

    private static HashSet<string> TopicNames(Repository repository)
    {
        var catalogue = repository.Files.Single(file => file.Path == "schemas/topics.json");
        using var json = JsonDocument.Parse(catalogue.Text);
        return [.. json.RootElement.GetProperty("topics").EnumerateArray().Select(topic => topic.GetProperty("name").GetString()!)];
    }

    private static bool IsElsewhere(string target) => target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Leads(Repository repository, RepositoryFile from, string target)
    {
        var (path, heading) = target.Split('#', 2) is [var p, var h] ? (p, h) : (target, null);
        var resolved = path == "" ? from.Path : Resolve(from.Path, Uri.UnescapeDataString(path));
        if (resolved is null || !repository.Exists(resolved))
            return false;
        var page = repository.Files.FirstOrDefault(file => file.Path == resolved);
        return heading is null || page?.Extension != ".md" || Headings(page).Contains(heading);
    }

    private static string? Resolve(string from, string relative)
    {
        var parts = relative.StartsWith('/') ? [] : new Stack<string>(from.Split('/')[..^1]);
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && !parts.TryPop(out _))
                return null;
            if (part is not (".." or "."))
                parts.Push(part);
        }
        return string.Join('/', parts.Reverse());
    }

    /// <summary>Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens.</summary>
    private static IEnumerable<string> Headings(RepositoryFile page) =>
        Prose(page).Where(line => line.Text.StartsWith('#')).Select(line =>
            NotInAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Lines outside fenced code.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(RepositoryFile file)
    {
        var fenced = false;
        foreach (var line in file.Lines)
        {
            if (line.Text.TrimStart().StartsWith("```", StringComparison.Ordinal))
                fenced = !fenced;
            else if (!fenced)
                yield return line;
        }
    }

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`(?!\\])")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\bcommerce(\.[a-z0-9-]+)+\.v\d+\b")]
    private static partial Regex Topic();
}
