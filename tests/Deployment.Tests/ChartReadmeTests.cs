using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>The chart's README has every value, and none that is not there.</summary>
public sealed partial class ChartReadmeTests
{
    /// <summary>Maps whose entries are Kubernetes' or the user's.</summary>
    private static readonly string[] Whole = ["resources", "labels", "annotations", "env", "podAnnotations", "nodeSelector"];

    [Fact]
    public void Every_value_is_in_a_table_and_nothing_else()
    {
        var values = new YamlStream();
        values.Load(new StringReader(RepositoryFolder.Read("helm/commerce-streaming/values.yaml")));

        var known = Leaves("", values.Documents[0].RootNode).Select(General).ToHashSet();
        var said = Documented(RepositoryFolder.Read("helm/commerce-streaming/README.md")).ToList();
        known.Except(said).ShouldBeEmpty("add a line to helm/commerce-streaming/README.md");
        said.Except(known).ShouldBeEmpty("no such value");
        said.GroupBy(path => path).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty("said twice");
    }

    [Theory]
    [InlineData("| `a.b`, `.c`, `.d.e`, `.f` | `no.value` of it |", "a.b a.c a.d.e a.d.f")]
    [InlineData("| value | meaning |\n| --- | --- |\n| `a` | x |", "a")]
    public void Values_of_a_table_are_found(string table, string values) => Documented(table).ShouldBe(values.Split(' '));

    private static IEnumerable<string> Documented(string page)
    {
        foreach (Match row in FirstCell().Matches(page))
        {
            var path = "";
            foreach (Match code in Code().Matches(row.Groups["cell"].Value))
            {
                var value = code.Groups["value"].Value;
                // `.b` after `a.x` is a.b.
                path = value.StartsWith('.') ? path[..path.LastIndexOf('.')] + value : value;
                yield return path;
            }
        }
    }

    private static IEnumerable<string> Leaves(string path, YamlNode node) =>
        node is YamlMappingNode { Children.Count: > 0 } map && !Whole.Contains(path.Split('.')[^1])
            ? map.Children.SelectMany(child => Leaves(path.Length == 0 ? child.Key.ToString() : $"{path}.{child.Key}", child.Value))
            : [path];

    private static string General(string path) => OneOfMany().Replace(path, match => match.Groups["list"].Value + (match.Value.StartsWith("services", StringComparison.Ordinal) ? "<name>" : "<server>"));

    [GeneratedRegex(@"^\| (?<cell>`[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`(?<value>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?<list>services\.|networkPolicy\.egress\.)[^.]+")]
    private static partial Regex OneOfMany();
}
