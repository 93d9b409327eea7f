using System.Globalization;
using System.Text.Json.Nodes;
using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.Contracts.Generator;

/// <summary>
/// May the schemas follow what was there before? The newest revision of every record must read what each earlier one wrote
/// (BACKWARD_TRANSITIVE): the numbered revisions beside it, and the texts under <c>published/</c>, which hold each record as it
/// went out with its shared types written in, so that a change of a shared type counts too.
/// </summary>
public static class SchemaEvolution
{
    private const string PublishedFolder = "published";

    /// <summary>Reasons told for one pair of texts; who breaks more has the idea.</summary>
    private const int MaxReasons = 20;

    /// <summary>One sentence for each fault: file, record, field, reason, remedy. Empty when all may be published.</summary>
    public static IReadOnlyList<string> Check(string folder, SchemaSet schemas)
    {
        var faults = new List<string>();
        foreach (var newest in SchemaSet.NewestRevisions(folder))
        {
            var name = NameIn(newest);
            var current = schemas.Expand(name).ToJsonString();
            var file = Path.GetRelativePath(folder, newest);
            var revisions = Revisions(Path.GetDirectoryName(newest)!);
            if (!revisions.Select(r => r.Number).SequenceEqual(Enumerable.Range(1, revisions.Count)))
                faults.Add($"{file}: revisions are numbered 1, 2, 3 without gaps; found {string.Join(", ", revisions.Select(r => r.Number))}");
            faults.AddRange(Faults(file, name, current, revisions.SkipLast(1).Select(r => ($"revision {r.Number}", schemas.Expand(Parse(r.Path)).ToJsonString()))));
            faults.AddRange(Faults(file, name, current, Published(folder, name).Select(p => ($"published text {p.Number}", File.ReadAllText(p.Path)))));
        }
        return faults;
    }

    /// <summary>Records whose text differs from the one published last. Empty, too, when nothing has been published yet.</summary>
    public static IReadOnlyList<string> Unpublished(string folder, SchemaSet schemas) =>
        Directory.Exists(Path.Combine(folder, PublishedFolder))
            ? [.. schemas.Roots.Where(name => !IsPublished(folder, name, schemas.Expand(name).ToJsonString()))]
            : [];

    /// <summary>Writes the text of every record that differs from the one published last as the next one; returns the files.</summary>
    public static IReadOnlyList<string> Publish(string folder, SchemaSet schemas)
    {
        var written = new List<string>();
        foreach (var name in schemas.Roots)
        {
            var current = schemas.Expand(name).ToJsonString();
            if (IsPublished(folder, name, current))
                continue;
            var number = Published(folder, name).Count + 1;
            var path = Path.Combine(folder, PublishedFolder, name, number.ToString(CultureInfo.InvariantCulture) + ".json");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, AvroSchema.Parse(current) + "\n");
            written.Add(path);
        }
        return written;
    }

    private static bool IsPublished(string folder, string name, string current) =>
        Published(folder, name) is [.., var last] && File.ReadAllText(last.Path).Trim() == AvroSchema.Parse(current).ToString();

    private static IEnumerable<string> Faults(string file, string name, string current, IEnumerable<(string What, string Text)> earlier)
    {
        foreach (var (what, text) in earlier)
        {
            foreach (var reason in SchemaCompatibility.Check(current, text).SelectMany(Roots).Distinct().Take(MaxReasons))
            {
                yield return $"{file}: {name} cannot read what {what} wrote. {FieldOf(reason)}{reason.Describe("new", "old")}. "
                    + "Give the field a default, keep its type and symbols, or begin the next vN with a topic of its own";
            }
        }
    }

    /// <summary>Down to the field at fault: a nullable record fails because of one of its fields.</summary>
    private static IEnumerable<Incompatibility> Roots(Incompatibility reason) => reason.Causes.Count == 0 ? [reason] : reason.Causes.SelectMany(Roots);

    private static string FieldOf(Incompatibility reason) => reason.FieldPath == "" ? "" : $"Field {reason.FieldPath}: ";

    private static List<(int Number, string Path)> Published(string folder, string name)
    {
        var place = Path.Combine(folder, PublishedFolder, name);
        return Directory.Exists(place) ? Numbered(place, "*.json") : [];
    }

    private static List<(int Number, string Path)> Revisions(string folder) => Numbered(folder, "*.avsc");

    private static List<(int Number, string Path)> Numbered(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Select(path => (Number(path), path)).OrderBy(file => file.Item1)];

    private static int Number(string path) => int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"{path}: a revision is named by its number");

    private static JsonObject Parse(string path) => JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new InvalidDataException($"{path}: not a JSON object");

    private static string NameIn(string path) => SchemaSet.FullName(Parse(path)) ?? throw new InvalidDataException($"{path}: its schema has no name");
}
