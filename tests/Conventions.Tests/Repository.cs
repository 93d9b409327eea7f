using System.Diagnostics;

namespace Commerce.Streaming.Conventions.Tests;

/// <summary>A file by its path from the root, slashes forward, and its text.</summary>
internal sealed class RepositoryFile(string path, Func<string> read)
{
    private readonly Lazy<string> _text = new(read);

    public string Path => path;

    public string Text => _text.Value;

    public string Name => path[(path.LastIndexOf('/') + 1)..];

    public string Extension => System.IO.Path.GetExtension(path);

    /// <summary>First folder of the path; empty for a file at the root.</summary>
    public string Room => path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";

    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, i) => (i + 1, line.TrimEnd('\r')));
}

/// <summary>The files that belong to this repository, or a made-up set on which a rule shows that it can fail.</summary>
internal sealed class Repository(string? root, IReadOnlyList<RepositoryFile> files)
{
    private const string Solution = "Commerce.Streaming.sln";
    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", ".commerce", "node_modules", "TestResults", ".vs", ".idea"];

    private static readonly Lazy<Repository> Here = new(Load);

    public static Repository Current => Here.Value;

    public IReadOnlyList<RepositoryFile> Files => files;

    /// <summary>Folder on disk; a made-up repository has none.</summary>
    public string Root => root ?? throw new InvalidOperationException("This repository is made up");

    public static Repository Of(params (string Path, string Text)[] made) =>
        new(null, [.. made.Select(file => new RepositoryFile(file.Path, () => file.Text))]);

    public IEnumerable<RepositoryFile> WithExtension(params string[] extensions) => files.Where(file => extensions.Contains(file.Extension));

    public bool Exists(string path) =>
        files.Any(file => file.Path == path || file.Path.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal)) || path is "" or ".";

    private static Repository Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
            folder = folder.Parent;
        var root = folder?.FullName ?? throw new InvalidOperationException($"No {Solution} above {AppContext.BaseDirectory}");
        var paths = Tracked(root) ?? Walk(root);
        return new Repository(root, [.. paths.Order(StringComparer.Ordinal).Select(path =>
            new RepositoryFile(path, () => File.ReadAllText(Path.Combine(root, path))))]);
    }

    /// <summary>What git tracks or would track; null without git (an unpacked archive).</summary>
    private static List<string>? Tracked(string root)
    {
        if (!Path.Exists(Path.Combine(root, ".git")))
            return null;
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Path.Combine(root, path)))] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static List<string> Walk(string root)
    {
        var found = new List<string>();
        var open = new Stack<string>([root]);
        while (open.TryPop(out var folder))
        {
            found.AddRange(Directory.GetFiles(folder).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')));
            foreach (var inner in Directory.GetDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))))
                open.Push(inner);
        }
        return found;
    }
}
