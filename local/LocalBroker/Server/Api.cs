using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>
/// One request type. A handler reads the whole body before it awaits anything, then writes the body of the answer; framing
/// and headers are the connection's business.
/// </summary>
internal abstract class Api(ApiKey key, short minVersion, short maxVersion, short flexibleFrom)
{
    /// <summary>For request types that never had a flexible version.</summary>
    protected const short NeverFlexible = short.MaxValue;

    public ApiKey Key => key;

    public short MinVersion => minVersion;

    public short MaxVersion => maxVersion;

    /// <summary>The version told to clients as the oldest; lower than <see cref="MinVersion"/> only where a client insists.</summary>
    public virtual short AdvertisedMinVersion => minVersion;

    public bool Supports(short version) => version >= minVersion && version <= maxVersion;

    public bool IsFlexible(short version) => version >= flexibleFrom;

    /// <summary>Whether the answer's header ends with tagged fields. ApiVersions answers never do, so that any client can read them.</summary>
    public virtual bool HasFlexibleResponseHeader(short version) => IsFlexible(version);

    public abstract ValueTask HandleAsync(RequestContext request);
}
