using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Tells a client which request types and versions are served; the first request on every connection.
/// <para>Versions 0 to 4, flexible from 3. A client that asks in a newer version gets an answer of version 0 with
/// UNSUPPORTED_VERSION and the table, and asks again (KIP-511).</para>
/// <para>Not simulated: features and their epochs (no finalized feature, so clients use transactions of protocol 1).</para>
/// </summary>
internal sealed class ApiVersions(IReadOnlyList<Api> served) : Api(ApiKey.ApiVersions, 0, 4, flexibleFrom: 3)
{
    public override bool HasFlexibleResponseHeader(short version) => false;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = Supports(request.Version) ? request.Version : (short)0;
        var response = request.Response.Error(Supports(request.Version) ? ErrorCode.None : ErrorCode.UnsupportedVersion);
        response.Array(served.Count + 1);
        Describe(response, this);
        foreach (var api in served)
            Describe(response, api);
        if (version >= 1)
            response.Int32(0);
        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static void Describe(ResponseWriter response, Api api) =>
        response.Int16((short)api.Key).Int16(api.AdvertisedMinVersion).Int16(api.MaxVersion).Tags();
}
