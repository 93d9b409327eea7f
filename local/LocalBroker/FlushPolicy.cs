namespace Commerce.Streaming.LocalBroker;

/// <summary>When the broker forces what it has written to the device.</summary>
public enum FlushPolicy
{
    /// <summary>
    /// When the operating system sees fit, and at checkpoints. Survives the death of the process at any moment
    /// (kill -9), not the loss of power. This is Apache Kafka's default too.
    /// </summary>
    PageCache,

    /// <summary>Every <see cref="LocalBrokerOptions.FlushInterval"/>: a loss of power costs at most that much.</summary>
    Interval,

    /// <summary>Before each answer to a producer, a commit or a transaction. Survives the loss of power; slow.</summary>
    EachWrite,
}
