using Commerce.Streaming.Processing.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing;

/// <summary>For APIs that read what topologies show.</summary>
public static class ViewReading
{
    /// <summary>
    /// One connection to the Redis of the views (section Redis), on the same terms as the views' writers: it may come later, and while it
    /// is away a question fails at once.
    /// </summary>
    public static IServiceCollection AddViewReading(this IServiceCollection services)
    {
        services.TryAddSingleton<IConnectionMultiplexer>(
            provider => ConnectionMultiplexer.Connect(RedisAddress.From(provider.GetRequiredService<IConfiguration>())));
        return services;
    }
}
