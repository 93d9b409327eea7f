using Confluent.Kafka;

namespace Commerce.Streaming.Ingest.Kafka;

/// <summary>
/// Waits for the acknowledgement of everything one request produced: a counter that delivery reports count down, instead of a task
/// for each record.
/// </summary>
internal sealed class DeliveryBatch
{
    /// <summary>Of a sampled request's records, so many go on with its trace: each costs some twenty spans on its way.</summary>
    private const int TracedRecordsMax = 8;

    // Held at one until Seal, so that early reports cannot complete a batch that is still being filled.
    private int _pending = 1;
    private int _failed;
    private int _traced;
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DeliveryBatch() => OnReport = Report;

    /// <summary>The handler to give to the producer with each record.</summary>
    public Action<DeliveryReport<byte[], byte[]>> OnReport { get; }

    public void Add() => Interlocked.Increment(ref _pending);

    /// <summary>Whether the next record goes on with the request's trace. Called by the one that fills the batch.</summary>
    public bool TakeTraced() => _traced++ < TracedRecordsMax;

    /// <summary>A record that was added and could not even be queued.</summary>
    public void Fail()
    {
        Interlocked.Exchange(ref _failed, 1);
        CountDown();
    }

    /// <summary>Nothing more will be added. Completes when every record is acknowledged (true) or one was given up (false).</summary>
    public async Task<bool> SealAsync()
    {
        CountDown();
        await _acknowledged.Task;
        return Volatile.Read(ref _failed) == 0;
    }

    private void Report(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            Interlocked.Exchange(ref _failed, 1);
        CountDown();
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
            _acknowledged.SetResult();
    }
}
