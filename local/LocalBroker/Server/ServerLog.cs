using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>What the broker logs; event ids 1 to 19. Never payloads, keys or identifiers of people.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Broker listens on {Address}; {Topics} topics, {Groups} groups, opened in {Milliseconds} ms")]
    public static partial void Started(this ILogger logger, string address, int topics, int groups, long milliseconds);

    [LoggerMessage(2, LogLevel.Information, "Broker stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "Connection closed: {Reason}")]
    public static partial void RequestMalformed(this ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Error, "Connection closed by a fault of the broker")]
    public static partial void ConnectionFailed(this ILogger logger, Exception fault);

    [LoggerMessage(5, LogLevel.Warning, "Connection refused: {Limit} are open")]
    public static partial void ConnectionRefused(this ILogger logger, int limit);

    [LoggerMessage(6, LogLevel.Error, "Background work {Work} failed and will be tried again")]
    public static partial void BackgroundWorkFailed(this ILogger logger, string work, Exception fault);
}
