using Commerce.Identity;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution.Adapters;

/// <summary>Message ids in the state of the pipeline.</summary>
internal sealed class SeenMessages(IProcessingContext context) : ISeenMessages
{
    public SeenMessage? Find(string key) => context.Get(Stores.Seen, key);

    public void Keep(string key, SeenMessage seen) => context.Put(Stores.Seen, key, seen);

    public void Drop(string prefix)
    {
        foreach (var (key, _) in context.Range(Stores.Seen, prefix)) context.Delete(Stores.Seen, key);
    }
}
