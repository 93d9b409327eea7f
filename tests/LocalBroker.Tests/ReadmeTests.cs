using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_readme_names_exactly_the_requests_and_versions_that_are_served()
    {
        await using var broker = await TestBroker.StartAsync();
        var served = await ServedRequest.AllAsync(broker);
        var told = Row().Matches(await File.ReadAllTextAsync(Readme(), TestBroker.Ended))
            .Select(row => new ServedRequest((short)Enum.Parse<ApiKey>(row.Groups[1].Value), Number(row.Groups[2]), Number(row.Groups[3])));

        // Produce announces versions that it does not serve; its file says why.
        var expected = served.Select(request => request.Key == (short)ApiKey.Produce ? request with { Min = 3 } : request);
        told.OrderBy(request => request.Key).ShouldBe(expected.OrderBy(request => request.Key));
    }

    private static short Number(Group group) => short.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string Readme()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Commerce.Streaming.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "local", "LocalBroker", "README.md");
    }

    [GeneratedRegex(@"\| (\w+) \| (\d+)–(\d+)")]
    private static partial Regex Row();
}
