using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.Processing.Runtime;

namespace Commerce.Streaming.Processing;

/// <summary>
/// Limits of every topology in the process. Section <c>Processing</c>; <c>Processing:Topologies:{name}</c> overrides any of them for one
/// topology (environment: <c>Processing__Topologies__inventory-sync.ledger__CommitInterval=00:00:00.050</c>).
/// </summary>
public sealed class ProcessingOptions : IValidatableObject
{
    public const string Section = "Processing";

    /// <summary>
    /// Name of this process among those that run the same topology: stable over restarts, unique among live ones, such as a StatefulSet's
    /// pod name. With it the process keeps its partitions over a restart (Kafka's static membership). Empty: the machine's name is used for
    /// transactions, and the group treats every start as a new member.
    /// </summary>
    public string InstanceId { get; set; } = "";

    /// <summary>Longest time that a transaction takes in records.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a transaction waits for more when no record waits; zero commits at once.</summary>
    public TimeSpan CommitLinger { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Most records in a transaction.</summary>
    [Range(1, 1_000_000)]
    public int TransactionRecordsMax { get; set; } = 2_000;

    /// <summary>Most bytes of input in a transaction: they are held in memory until it is committed.</summary>
    [Range(1, int.MaxValue)]
    public long TransactionBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Largest value of an output or state record, in bytes; what is larger makes its input a dead letter.</summary>
    [Range(1_024, 100_000_000)]
    public int RecordBytesMax { get; set; } = 1_000_000;

    /// <summary>After this the broker aborts a transaction whose owner is silent; until then its partitions' new owner waits.</summary>
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Wait before the clients are built anew after a failure; doubles up to <see cref="RebuildWaitMax"/> while one run after the other fails.</summary>
    public TimeSpan RebuildWaitMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before the clients are built anew.</summary>
    public TimeSpan RebuildWaitMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a broker that does not answer is waited for within one operation before the clients are built anew.</summary>
    public TimeSpan BrokerWaitMax { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the schema registry is waited for before everything is built anew.</summary>
    public TimeSpan RegistryWaitMax { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>After this without a heartbeat the group gives the member's partitions to others.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Lanes in which records of different keys are handled side by side, in topologies that allow it (<see cref="Topology.InParallelByKey"/>).
    /// More than the processor has cores gains nothing: handlers do no I/O.
    /// </summary>
    [Range(1, 256)]
    public int Parallelism { get; set; } = 1;

    internal const int ParkedKeysMaxDefault = 10_000;

    /// <summary>
    /// Keys of one partition that may be parked, about 300 bytes of memory each. Beyond it a topology that parks keys stops with that reason:
    /// so many failures are no longer the records'. Where letters are retried in any order, further ones cannot be.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ParkedKeysMax { get; set; } = ParkedKeysMaxDefault;

    /// <summary>Longest wait for a record before the loop looks around.</summary>
    public TimeSpan PollWaitMax { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>First wait after an abort; doubles up to <see cref="RetryWaitMax"/>.</summary>
    public TimeSpan RetryWaitMin { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest wait between attempts.</summary>
    public TimeSpan RetryWaitMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The loop counts as stuck when it has not turned for so long.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Most keys written to Redis by one script call.</summary>
    [Range(1, 10_000)]
    public int ViewChunkKeys { get; set; } = 500;

    /// <summary>Commits that may wait for Redis before the loop waits for it.</summary>
    [Range(1, 10_000)]
    public int ViewQueueMax { get; set; } = 64;

    /// <summary>Longest time that the loop waits for Redis; then the view becomes stale and is rebuilt when Redis is back.</summary>
    public TimeSpan ViewWaitMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an idle view's watermark is compared with Redis, to notice that Redis has lost its data.</summary>
    public TimeSpan ViewAuditInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CommitInterval <= TimeSpan.Zero || CommitInterval >= TransactionTimeout)
            yield return new ValidationResult("Processing:CommitInterval must be above zero and below TransactionTimeout", [nameof(CommitInterval)]);
        if (CommitLinger < TimeSpan.Zero || CommitLinger > CommitInterval)
            yield return new ValidationResult("Processing:CommitLinger must be from zero to CommitInterval", [nameof(CommitLinger)]);
        if (RetryWaitMin <= TimeSpan.Zero || RetryWaitMax < RetryWaitMin)
            yield return new ValidationResult("Processing:RetryWaitMin must be above zero and at most RetryWaitMax", [nameof(RetryWaitMin)]);
        if (RebuildWaitMin <= TimeSpan.Zero || RebuildWaitMax < RebuildWaitMin)
            yield return new ValidationResult("Processing:RebuildWaitMin must be above zero and at most RebuildWaitMax", [nameof(RebuildWaitMin)]);
        if (PollWaitMax <= TimeSpan.Zero)
            yield return new ValidationResult("Processing:PollWaitMax must be above zero", [nameof(PollWaitMax)]);
    }

    internal LoopLimits ToLoopLimits() => new()
    {
        CommitInterval = CommitInterval,
        CommitLinger = CommitLinger,
        TransactionRecordsMax = TransactionRecordsMax,
        TransactionBytesMax = TransactionBytesMax,
        PollWaitMax = PollWaitMax,
        RetryWaitMin = RetryWaitMin,
        RetryWaitMax = RetryWaitMax,
        RegistryWaitMax = RegistryWaitMax,
        BatchRecordsMax = Parallelism == 1 ? 1 : Parallelism * LaneRecordsMax,
    };

    /// <summary>Records that a lane gets at a time: enough to be worth waking it, few enough to wait for.</summary>
    private const int LaneRecordsMax = 32;
}
