using System.Text;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>Who this broker says it is: the cluster's id, kept with the data, and the address that clients are told.</summary>
internal sealed record BrokerIdentity(string ClusterId, string Host, int Port)
{
    public const int NodeId = 1;

    /// <summary>There is no election, so the epoch never moves.</summary>
    public const int LeaderEpoch = 0;

    private const string FileName = "cluster-id";

    /// <summary>Reads the cluster's id from the data folder, or makes one at the first start.</summary>
    public static string ClusterIdOf(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (File.Exists(path))
            return File.ReadAllText(path).Trim();
        var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(id));
        return id;
    }
}
