using System.Net;
using Commerce.Streaming.AvroCompatibility;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Where the registry keeps its journal and listens.</summary>
public sealed record LocalRegistryOptions
{
    /// <summary>Folder of the journal; created when missing. One process at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>An IP address, or localhost.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 lets the operating system choose.</summary>
    public int Port { get; init; }

    /// <summary>The level while none has been set by <c>PUT /config</c>.</summary>
    public CompatibilityLevel DefaultCompatibility { get; init; } = CompatibilityLevel.Backward;

    /// <summary>Where log lines go; nowhere when null.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal IPAddress Address =>
        Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(Host, out var address) ? address
        : throw new ArgumentException($"Host \"{Host}\" is neither an IP address nor localhost");

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(DataDirectory))
            throw new ArgumentException("DataDirectory is empty: name a folder that may be written to");
        if (Port is < 0 or > IPEndPoint.MaxPort)
            throw new ArgumentException($"Port {Port} is outside 0..{IPEndPoint.MaxPort}");
        _ = Address;
    }
}
