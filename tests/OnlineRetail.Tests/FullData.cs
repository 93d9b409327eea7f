namespace Commerce.Streaming.OnlineRetail.Tests;

/// <summary>The whole data set, where COMMERCE_TEST_DATA names the folder that holds online-retail/online_retail.csv.gz.</summary>
internal static class FullData
{
    public static string PathOrSkip()
    {
        var folder = Environment.GetEnvironmentVariable("COMMERCE_TEST_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "needs the whole data set: set COMMERCE_TEST_DATA to the folder of data sets");
        return Path.Combine(folder!, "online-retail", "online_retail.csv.gz");
    }
}

internal static class Excerpt
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "data", "excerpt.csv");

    public static RetailFile File { get; } = RetailFile.Read(Path);
}
