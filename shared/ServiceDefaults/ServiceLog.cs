using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.ServiceDefaults;

internal static partial class ServiceLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Critical, Message = "Configuration: {Failure}")]
    public static partial void InvalidOptions(ILogger logger, string failure);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information,
        Message = "Draining: not ready from now on, requests in flight have {BudgetSeconds} s to finish")]
    public static partial void Draining(ILogger logger, double budgetSeconds);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning,
        Message = "ApiAccess:Required is false: everybody who reaches this port may call the API")]
    public static partial void ApiIsOpen(ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical, Message = "The service failed and ends")]
    public static partial void Failed(ILogger logger, Exception failure);
}
