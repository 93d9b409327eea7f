namespace Commerce.Streaming.Attribution.Adapters;

/// <summary>Reads current credits from outside of the pipeline.</summary>
public interface ICreditsLookup
{
    /// <summary>Null when nothing was stated for the order.</summary>
    ValueTask<CreditsDocument?> FindAsync(string platform, string orderId, CancellationToken cancellationToken);
}
