using Commerce.Processing;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>What a record does, whether it comes for the first time or as a retry, alone or in a lane.</summary>
internal sealed partial class TopologyEngine
{
    private Arrival Arrive(InputRecord raw, IReadOnlyDictionary<string, BoundInput> inputs)
    {
        string? key = null;
        Retry? retry = null;
        PoisonException? fault = null;
        try
        {
            key = Keys.FromBytes(raw.Message.Key);
            if (_lines is not null && inputs[raw.Topic] is BoundRetries retries)
                retry = retries.Read(raw.Message.Value);
        }
        catch (PoisonException poison)
        {
            fault = poison;
        }

        return new Arrival(raw, retry?.Timestamp ?? TimestampOf(raw), key, retry, fault);
    }

    /// <summary>Works out what the record does. The caller has begun the context and accepts what is done in it.</summary>
    private RecordOutcome Work(in Arrival arrival, IReadOnlyDictionary<string, BoundInput> inputs, IRecordContext context)
    {
        if (arrival.Fault is { } fault)
            return new RecordOutcome(LetterOf(arrival.Raw, fault));
        if (arrival.Retry is { } retry)
            return Retry(arrival, retry, inputs, context);
        var key = arrival.Key!;
        if (_lines?.Join(key, arrival.Raw, context) is { } behind)
            return new RecordOutcome(behind);
        if (Run(arrival.Raw, key, arrival.Timestamp, inputs, context) is not { } letter)
            return default;
        return new RecordOutcome(_lines?.Begin(key, letter, context) ?? letter);
    }

    private RecordOutcome Retry(in Arrival arrival, Retry retry, IReadOnlyDictionary<string, BoundInput> inputs, IRecordContext context)
    {
        var (verdict, place) = _lines!.Find(arrival.Key!, retry, context);
        if (verdict != RetryOutcome.Done)
            return new RecordOutcome(null, verdict);
        if (!retry.Skip && Rerun(arrival, retry, inputs, context) is { } letter)
            return new RecordOutcome(LetterLines.Stay(place, letter, context), RetryOutcome.Failed);
        LetterLines.Advance(place, context);
        return new RecordOutcome(null, retry.Skip ? RetryOutcome.Skipped : RetryOutcome.Done);
    }

    private Letter? Rerun(in Arrival arrival, Retry retry, IReadOnlyDictionary<string, BoundInput> inputs, IRecordContext context)
    {
        var value = retry.Value;
        try
        {
            if (value is not null && _topology.Sealing is { } sealing)
                value = sealing.Open(value);
        }
        catch (Exception closed) when (IsPoison(closed))
        {
            var asSealed = BoundRetries.Unwrap(arrival.Raw, retry, value);
            return new Letter(asSealed, DeadLetterReasons.Unsealing) { Cause = closed, SealedValue = retry.Value };
        }

        var record = BoundRetries.Unwrap(arrival.Raw, retry, value);
        var letter = inputs.ContainsKey(retry.Topic)
            ? Run(record, arrival.Key!, arrival.Timestamp, inputs, context)
            : new Letter(record, DeadLetterReasons.UnknownInput);
        return letter is null ? null : letter with { SealedValue = retry.Value };
    }

    /// <summary>Runs the handler: null when it succeeded, else nothing of it remains.</summary>
    private Letter? Run(
        InputRecord record, string key, DateTimeOffset timestamp, IReadOnlyDictionary<string, BoundInput> inputs, IRecordContext context)
    {
        try
        {
            inputs[record.Topic].Handle(record, key, timestamp, context);
            if (ProbeState)
                context.ProbeState();
            return null;
        }
        catch (Exception failure) when (IsPoison(failure))
        {
            context.Undo();
            return LetterOf(record, failure);
        }
    }

    private static Letter LetterOf(InputRecord record, Exception failure)
    {
        var (reason, cause) = ReasonOf(failure, DeadLetterReasons.Handler);
        return new Letter(record, reason) { Cause = cause, IsRejected = failure is RejectedRecordException };
    }

    private static (string Reason, Exception? Cause) ReasonOf(Exception failure, string reasonOfHandler) => failure switch
    {
        PoisonException poison => (poison.Reason, poison.InnerException),
        RejectedRecordException rejected => (rejected.Reason, rejected),
        _ => (reasonOfHandler, failure),
    };
}
