using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Host;

/// <summary>The command line of the bare broker process: names and values in pairs.</summary>
internal static class HostArguments
{
    public const string Usage =
        """
        usage: Commerce.Streaming.LocalBroker.Host --dir DIR [--port N] [--flush PageCache|Interval|EachWrite]
        Runs the broker alone until SIGTERM; prints its address once it is ready. Port 0, the default, takes a free one.
        """;

    /// <summary>The options that the arguments ask for, or null when they make no sense.</summary>
    public static LocalBrokerOptions? Parse(string[] args)
    {
        LocalBrokerOptions? options = null;
        foreach (var pair in args.Chunk(2))
        {
            options = pair switch
            {
                ["--dir", var directory] => (options ?? Empty) with { DataDirectory = directory },
                ["--port", var port] when TryNumber(port, out var number) => (options ?? Empty) with { Port = number },
                ["--flush", var flush] when Enum.TryParse<FlushPolicy>(flush, out var policy) => (options ?? Empty) with { Flush = policy },
                _ => null,
            };
            if (options is null)
                return null;
        }

        return options is null || options.DataDirectory.Length == 0 ? null : options;
    }

    private static LocalBrokerOptions Empty => new() { DataDirectory = "" };

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
