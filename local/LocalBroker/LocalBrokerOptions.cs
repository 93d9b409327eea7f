using System.Net;
using Commerce.Streaming.LocalBroker.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.LocalBroker;

/// <summary>How a <see cref="LocalBrokerServer"/> runs. Values are checked when it starts.</summary>
public sealed record LocalBrokerOptions
{
    /// <summary>The folder that holds everything the broker keeps. One broker at a time may use it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 lets the operating system choose.</summary>
    public int Port { get; init; }

    /// <summary>The host name told to clients; the listening address when null.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Partitions of a topic that is created without a number.</summary>
    public int DefaultPartitions { get; init; } = 6;

    /// <summary>Partitions of all topics together; each keeps a file open. What would exceed it is refused.</summary>
    public int MaxPartitions { get; init; } = 5_000;

    /// <summary>Whether a topic comes into being when a client first asks for it.</summary>
    public bool AutoCreateTopics { get; init; } = true;

    /// <summary>Size in bytes at which a segment file is closed, unless the topic says otherwise.</summary>
    public int SegmentBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Age at which records are deleted, unless the topic says otherwise; null keeps them for ever.</summary>
    public TimeSpan? Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>When records are forced to the device. See <see cref="FlushPolicy"/> for what each survives.</summary>
    public FlushPolicy Flush { get; init; } = FlushPolicy.PageCache;

    /// <summary>Time between two forced writes under <see cref="FlushPolicy.Interval"/>.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Connections served at once; further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Time after which a connection without a request is closed; Kafka's own unless set.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest request in bytes; a connection that announces a larger one is closed.</summary>
    public int MaxRequestBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Bytes of large requests held in memory at once; further ones wait to be read.</summary>
    public long MaxRequestMemoryBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Time that a new consumer group waits for more members before its first assignment.</summary>
    public TimeSpan GroupInitialRebalanceDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Shortest session timeout that a group member may ask for; Kafka's own limit unless set.</summary>
    public TimeSpan GroupMinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Time between two heartbeats that a member of the newer group protocol is told to keep; Kafka's own unless set.</summary>
    public TimeSpan ConsumerGroupHeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a member of the newer group protocol is dropped; Kafka's own unless set.</summary>
    public TimeSpan ConsumerGroupSessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Longest time a transaction may ask to stay open.</summary>
    public TimeSpan MaxTransactionTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Time between two rounds of retention, compaction and checkpoints.</summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock behind timeouts, retention and log-append times.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the broker logs to; nowhere unless set.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal IReadOnlyDictionary<string, string> TopicDefaults => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [TopicConfigKeys.SegmentBytes] = FormattableString.Invariant($"{SegmentBytes}"),
        [TopicConfigKeys.RetentionMs] = FormattableString.Invariant($"{(Retention is { } age ? (long)age.TotalMilliseconds : -1)}"),
    };

    /// <summary>Throws an <see cref="ArgumentException"/> that names every setting which cannot be.</summary>
    internal void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(DataDirectory))
            faults.Add($"{nameof(DataDirectory)} is empty: name a folder.");
        if (Port is < 0 or > IPEndPoint.MaxPort)
            faults.Add($"{nameof(Port)} is not a port: use 0 to {IPEndPoint.MaxPort}.");
        if (DefaultPartitions < 1)
            faults.Add($"{nameof(DefaultPartitions)} must be at least 1.");
        if (MaxPartitions < DefaultPartitions)
            faults.Add($"{nameof(MaxPartitions)} must hold one topic of {nameof(DefaultPartitions)}.");
        if (SegmentBytes < 4096)
            faults.Add($"{nameof(SegmentBytes)} must be at least 4096.");
        if (MaxConnections < 1)
            faults.Add($"{nameof(MaxConnections)} must be at least 1.");
        if (MaxIdle <= TimeSpan.Zero)
            faults.Add($"{nameof(MaxIdle)} must be positive.");
        if (MaxRequestBytes < 1024)
            faults.Add($"{nameof(MaxRequestBytes)} must be at least 1024.");
        if (MaxRequestMemoryBytes < MaxRequestBytes)
            faults.Add($"{nameof(MaxRequestMemoryBytes)} must hold one request of {nameof(MaxRequestBytes)}.");
        if (Flush == FlushPolicy.Interval && FlushInterval <= TimeSpan.Zero)
            faults.Add($"{nameof(FlushInterval)} must be positive.");
        if (ConsumerGroupHeartbeatInterval <= TimeSpan.Zero || ConsumerGroupHeartbeatInterval >= ConsumerGroupSessionTimeout)
            faults.Add($"{nameof(ConsumerGroupHeartbeatInterval)} must be positive and shorter than {nameof(ConsumerGroupSessionTimeout)}.");
        if (MaintenanceInterval <= TimeSpan.Zero)
            faults.Add($"{nameof(MaintenanceInterval)} must be positive.");
        if (faults.Count > 0)
            throw new ArgumentException("The broker cannot start: " + string.Join(" ", faults));
    }
}
