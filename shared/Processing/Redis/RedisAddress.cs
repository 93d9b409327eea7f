using Commerce.Streaming.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>How views speak to the Redis of the section Redis.</summary>
internal static class RedisAddress
{
    private const int TimeoutMs = 2_000;

    /// <exception cref="TopologyException">The address is missing or not a redis URL.</exception>
    public static ConfigurationOptions From(IConfiguration configuration)
    {
        var redis = configuration.GetSection(RedisOptions.Section).Get<RedisOptions>() ?? new RedisOptions();
        if (redis.Url.Length == 0)
            throw new TopologyException("Redis:Url is missing and the topology has a view: set Redis__Url=redis://host:port");
        try
        {
            var options = redis.ToConfiguration();
            // When Redis goes, a command fails at once instead of queueing up.
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.AsyncTimeout = TimeoutMs;
            options.ConnectTimeout = TimeoutMs;
            return options;
        }
        catch (FormatException invalid)
        {
            throw new TopologyException(invalid.Message);
        }
    }
}
