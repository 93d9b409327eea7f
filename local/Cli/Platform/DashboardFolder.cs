using System.Reflection;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>The standalone Aspire dashboard, which the build fetched as a package for this machine's platform.</summary>
internal static class DashboardFolder
{
    private const string MetadataKey = "DashboardFolder";
    private const string ProgramName = "Aspire.Dashboard";

    /// <summary>The folder with the program; null when there is none for this platform or the package is gone.</summary>
    public static string? Path { get; } = Find();

    public static string Program => System.IO.Path.Combine(Path!, ProgramName);

    private static string? Find()
    {
        var folder = typeof(DashboardFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == MetadataKey)?.Value;
        return folder is not null && File.Exists(System.IO.Path.Combine(folder, ProgramName)) ? folder : null;
    }
}
