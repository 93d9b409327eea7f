using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Host;

/// <summary>The command line of the bare broker process.</summary>
internal sealed record HostArguments(string DataDirectory, int Port, FlushPolicy Flush)
{
    public const string Usage =
        """
        usage: Commerce.Streaming.LocalBroker.Host DIR [PORT] [PageCache|Interval|EachWrite]
        Runs the broker alone until SIGTERM; prints its address once it is ready. Port 0, the default, takes a free one.
        """;

    public static HostArguments? Parse(string[] args)
    {
        if (args.Length is 0 or > 3)
            return null;
        var port = 0;
        if (args.Length > 1 && !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return null;
        var flush = FlushPolicy.PageCache;
        if (args.Length > 2 && !Enum.TryParse(args[2], out flush))
            return null;
        return new HostArguments(args[0], port, flush);
    }

    public LocalBrokerOptions ToOptions() => new() { DataDirectory = DataDirectory, Port = Port, Flush = Flush };
}
