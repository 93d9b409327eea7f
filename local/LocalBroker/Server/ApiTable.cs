using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>All request types by number, and the reading of request headers.</summary>
internal sealed class ApiTable
{
    private readonly Api?[] _apis;
    private readonly Api _versions;

    public ApiTable(IReadOnlyList<Api> apis)
    {
        _apis = new Api?[apis.Max(api => (int)api.Key) + 1];
        foreach (var api in apis)
            _apis[(int)api.Key] = api;
        _versions = _apis[(int)ApiKey.ApiVersions] ?? throw new ArgumentException("ApiVersions must be served.", nameof(apis));
    }

    /// <summary>Reads the header of a frame, starts the response, and returns who answers.</summary>
    public Api Begin(ReadOnlyMemory<byte> frame, RequestContext request)
    {
        var reader = new RequestReader(frame, flexible: false);
        var (key, version, correlationId) = (reader.Int16(), reader.Int16(), reader.Int32());
        var clientId = reader.HeaderString();
        var api = key >= 0 && key < _apis.Length ? _apis[key] : null;
        if (api is null || (!api.Supports(version) && api != _versions))
            throw new MalformedRequestException($"Request type {key} version {version} is not served.");

        var flexible = api.Supports(version) && api.IsFlexible(version);
        var body = new RequestReader(reader.Rest, flexible);
        body.Tags();
        request.Begin(version, correlationId, clientId, flexible, body.Rest);
        request.Response.Reset(flexible);
        request.Response.Int32(correlationId);
        if (api.Supports(version) && api.HasFlexibleResponseHeader(version))
            request.Response.Tags();
        return api;
    }
}
