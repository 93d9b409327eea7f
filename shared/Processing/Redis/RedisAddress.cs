using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>The section Redis: <c>Url</c> = <c>redis://[user:password@]host[:port][/database]</c>, or <c>rediss://</c>.</summary>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;
    private const int TimeoutMs = 2_000;

    /// <exception cref="TopologyException">The address is missing or not a redis URL.</exception>
    public static ConfigurationOptions From(IConfiguration configuration)
    {
        var url = configuration["Redis:Url"];
        if (string.IsNullOrEmpty(url))
            throw new TopologyException("Redis:Url is missing and the topology has a view: set Redis__Url=redis://host:port");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss"))
            throw new TopologyException("Redis:Url must look like redis://[user:password@]host[:port][/database]");
        var options = new ConfigurationOptions
        {
            EndPoints = { { uri.Host, uri.Port > 0 ? uri.Port : DefaultPort } },
            Ssl = uri.Scheme == "rediss",
            // Redis may come later; and when it goes, a command fails at once instead of queueing up.
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            AsyncTimeout = TimeoutMs,
            ConnectTimeout = TimeoutMs,
        };
        var credentials = uri.UserInfo.Split(':', 2);
        if (credentials.Length == 2)
            (options.User, options.Password) = (Uri.UnescapeDataString(credentials[0]), Uri.UnescapeDataString(credentials[1]));
        if (options.User is { Length: 0 })
            options.User = null;
        if (int.TryParse(uri.AbsolutePath.Trim('/'), out var database))
            options.DefaultDatabase = database;
        return options;
    }
}
