using System.Net;
using System.Net.Sockets;

namespace Commerce.Streaming.LocalProcess;

/// <summary>Ports of this machine.</summary>
public static class LoopbackPorts
{
    /// <summary>A port that was free a moment ago; whoever binds it must cope with losing the race.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>False when something already listens there.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
