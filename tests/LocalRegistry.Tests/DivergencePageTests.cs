namespace Commerce.Streaming.LocalRegistry.Tests;

public sealed class DivergencePageTests
{
    [Fact]
    public void Every_divergence_is_on_the_page_and_none_but_those()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Commerce.Streaming.sln")))
            folder = folder.Parent!;
        var page = File.ReadAllLines(Path.Combine(folder.FullName, "docs", "conformance", "registry.md"));
        var real = new RealRegistryUnderTest();

        page.Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ShouldBe(real.Divergences.Select(each => $"| `{each.Key}` | {each.Value} |"), ignoreOrder: true);
    }
}
