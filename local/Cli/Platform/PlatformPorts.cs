using System.Globalization;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>The block of ports of one copy of the platform: every process listens at an offset from the base (services/catalogue.json).</summary>
public readonly record struct PlatformPorts(int Base)
{
    public const int DefaultBase = 17000;
    public const int LowestBase = 1024;

    /// <summary>Ports in a block; two copies side by side need bases this far apart.</summary>
    public const int BlockSize = 100;

    public const int HighestBase = 65535 - BlockSize;

    public int At(int offset) => Base + offset;

    public string Endpoint(int offset) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{At(offset)}");

    public string Url(int offset) => "http://" + Endpoint(offset);
}
