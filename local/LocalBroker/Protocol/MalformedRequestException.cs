namespace Commerce.Streaming.LocalBroker.Protocol;

/// <summary>The bytes of a request do not follow the protocol. The connection that sent them is closed.</summary>
internal sealed class MalformedRequestException : Exception
{
    public MalformedRequestException(string message)
        : base(message)
    {
    }
}
