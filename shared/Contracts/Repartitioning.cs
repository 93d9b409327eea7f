namespace Commerce.Streaming.Contracts;

/// <summary>What raising the partitions of a platform leaves for others to see.</summary>
public static class Repartitioning
{
    /// <summary>
    /// Topic that exists while partitions are being raised, and after that was interrupted: until it is gone nobody reads or writes, and
    /// nobody makes the topics that are missing.
    /// </summary>
    public const string Journal = "commerce.provision.repartition.v1";

    /// <summary>Why nothing can be done while <see cref="Journal"/> exists.</summary>
    public const string Unfinished = "partitions are being raised and that is not finished: `provision repartition --apply` goes on with it";
}
