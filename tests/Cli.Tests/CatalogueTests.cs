using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;

namespace Commerce.Streaming.Cli.Tests;

public sealed class CatalogueTests
{
    private static readonly PlatformSettings Local = new() { Home = "/nowhere", PortBase = 17000 };

    [Fact]
    public void The_real_one_is_consistent_and_names_projects_that_exist()
    {
        foreach (var entry in Catalogue.Load().Processes.Where(entry => entry.Project is not null))
            File.Exists(Path.Combine(PlatformPaths.Root, entry.Project!, entry.Assembly + ".csproj")).ShouldBeTrue(entry.Name);
    }

    [Fact]
    public void What_others_depend_on_comes_first()
    {
        var catalogue = Catalogue.Parse("""{"processes":[{"name":"b","title":"B","kind":"task","dependsOn":["a"]},{"name":"a","title":"A","kind":"task"}]}""");
        catalogue.Processes.Select(entry => entry.Name).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("""{"processes":[{"name":"a","title":"A","kind":"task","dependsOn":["b"]}]}""", "'a' depends on 'b', which is not listed")]
    [InlineData("""{"processes":[{"name":"a","title":"A","kind":"task"},{"name":"a","title":"A","kind":"task"}]}""", "'a' is listed twice")]
    [InlineData("""{"processes":[{"name":"a","title":"A"}]}""", "service 'a' needs an assembly and a port 'http'")]
    [InlineData(
        """{"processes":[{"name":"a","title":"A","kind":"cache","ports":{"redis":3}},{"name":"b","title":"B","kind":"cache","ports":{"redis":3}}]}""",
        "port offset 3 is used twice")]
    [InlineData(
        """{"processes":[{"name":"a","title":"A","kind":"task","dependsOn":["b"]},{"name":"b","title":"B","kind":"task","dependsOn":["a"]}]}""",
        "a, b depend on each other")]
    public void Contradictions_are_named(string text, string expected) =>
        Should.Throw<CliException>(() => Catalogue.Parse(text)).Message.ShouldContain(expected);

    [Fact]
    public void Replaced_parts_do_not_run()
    {
        var settings = Local with { Kafka = "k:9092", Registry = "http://r:8081", Redis = "redis://r:6379", Postgres = "postgresql://u@h/d", Dashboard = false };
        var kinds = Catalogue.Load().Active(settings).Select(entry => entry.Kind).Distinct();
        kinds.ShouldBeSubsetOf([ProcessKind.Service, ProcessKind.Task]);
    }

    [Fact]
    public void Broker_still_runs_for_the_registry_when_only_kafka_is_replaced() =>
        Catalogue.Load().Active(Local with { Kafka = "k:9092" }).ShouldContain(entry => entry.Kind == ProcessKind.Broker);
}
