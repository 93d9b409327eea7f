using Commerce.Streaming.Attribution.Domain;
using StackExchange.Redis;

namespace Commerce.Streaming.Attribution.Adapters;

/// <summary>Reads the view that the pipeline keeps in Redis.</summary>
internal sealed class RedisCreditsLookup(IConnectionMultiplexer redis) : ICreditsLookup
{
    public async ValueTask<CreditsDocument?> FindAsync(string platform, string orderId, CancellationToken cancellationToken)
    {
        var value = await redis.GetDatabase().StringGetAsync(CreditsView.KeyPrefix + OrderPaths.Key(platform, orderId)).WaitAsync(cancellationToken);
        return value.HasValue ? CreditsView.Read(value.ToString()) : null;
    }
}
