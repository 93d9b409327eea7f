using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// What a partition is: its segments, its offsets, what it knows of producers and transactions. <see cref="Sync"/> guards
/// all of it; nothing awaits under it.
/// </summary>
internal sealed class LogState(string directory, TopicConfig config, TimeProvider clock)
{
    private long _startOffset;
    private long _nextOffset;

    public Lock Sync { get; } = new();

    public string Directory => directory;

    public TimeProvider Clock => clock;

    /// <summary>The settings in force; an alteration replaces the record.</summary>
    public TopicConfig Config { get; set; } = config;

    public SegmentList Segments { get; } = new();

    public ProducerTable Producers { get; } = new();

    public PartitionTransactions Transactions { get; } = new();

    public LogWaiters Waiters { get; } = new();

    public long StartOffset
    {
        get => Volatile.Read(ref _startOffset);
        set => Volatile.Write(ref _startOffset, value);
    }

    /// <summary>The offset that the next record gets. On one node it is the high watermark too.</summary>
    public long NextOffset
    {
        get => Volatile.Read(ref _nextOffset);
        set => Volatile.Write(ref _nextOffset, value);
    }

    /// <summary>Records below have been through compaction.</summary>
    public long CompactedTo { get; set; }

    /// <summary>Set when a checkpoint would save the next start work.</summary>
    public bool CheckpointDue { get; set; }

    public bool IsClosed { get; set; }

    public long StableOffset => Transactions.First?.FirstOffset ?? NextOffset;

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsOld(LogSegment segment)
    {
        var limit = Config.Compacts ? Math.Min(Config.SegmentMs, Config.MaxCompactionLagMs) : Config.SegmentMs;
        return segment.FirstAppendTime >= 0 && Now - segment.FirstAppendTime > limit;
    }

    /// <summary>Closes the active segment and starts the next.</summary>
    public void Roll()
    {
        Segments.Active.Close();
        var segment = new LogSegment(directory, NextOffset, Config.IndexIntervalBytes);
        segment.OpenActive(0, NextOffset);
        Segments.Add(segment);
        CheckpointDue = true;
    }
}
