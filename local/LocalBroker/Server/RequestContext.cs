using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>One request of a connection: its header, its body in place, and where the answer goes.</summary>
internal sealed class RequestContext(string clientHost, ResponseWriter response, CancellationToken stopping)
{
    public string ClientHost => clientHost;

    public ResponseWriter Response => response;

    /// <summary>Cancelled when the broker stops or the connection is given up.</summary>
    public CancellationToken Stopping => stopping;

    public short Version { get; private set; }

    public int CorrelationId { get; private set; }

    public string ClientId { get; private set; } = "";

    /// <summary>Set by a producer that wants no answer (acks=0).</summary>
    public bool IsOneWay { get; set; }

    private ReadOnlyMemory<byte> Body { get; set; }

    private bool Flexible { get; set; }

    public void Begin(short version, int correlationId, string? clientId, bool flexible, ReadOnlyMemory<byte> body)
    {
        (Version, CorrelationId, ClientId, Flexible, Body) = (version, correlationId, clientId ?? "", flexible, body);
        IsOneWay = false;
    }

    public RequestReader Reader() => new(Body, Flexible);
}
