using Commerce.Identity;
using Commerce.Streaming.IdentityResolution.Domain;
using StackExchange.Redis;

namespace Commerce.Streaming.IdentityResolution.Adapters;

/// <summary>Reads the view that the decide pipeline keeps in Redis.</summary>
internal sealed class RedisProfileLookup(IConnectionMultiplexer redis) : IProfileLookup
{
    public async ValueTask<ProfileMembers?> FindAsync(string tenant, string identifierOrProfile, CancellationToken cancellationToken)
    {
        var key = MembersView.KeyPrefix + IdentityGraph.Key(tenant, identifierOrProfile);
        var value = await redis.GetDatabase().StringGetAsync(key).WaitAsync(cancellationToken);
        return value.HasValue ? MembersView.Read(value.ToString()) : null;
    }
}
