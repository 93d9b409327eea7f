using Commerce.Identity;

namespace Commerce.Streaming.IdentityResolution.Adapters;

/// <summary>Reads the identity graph from outside of the pipeline.</summary>
public interface IProfileLookup
{
    /// <summary>The entry of an identifier or a profile; null when it is alone or unknown.</summary>
    ValueTask<ProfileMembers?> FindAsync(string tenant, string identifierOrProfile, CancellationToken cancellationToken);
}
