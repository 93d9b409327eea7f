namespace Commerce.Streaming.Verification.Drain;

/// <summary>How far the consumer groups are behind.</summary>
/// <param name="Behind">Records not yet processed by group (transaction markers may be counted in); groups with nothing left are absent.</param>
/// <param name="Produced">Sum of the end offsets of all topics looked at: it stands still once nothing happens any more.</param>
public sealed record DrainStatus(IReadOnlyDictionary<string, long> Behind, long Produced)
{
    public bool Drained => Behind.Count == 0;

    public long Records => Behind.Values.Sum();
}
