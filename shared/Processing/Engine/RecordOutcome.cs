namespace Commerce.Streaming.Processing.Engine;

/// <summary>What became of a record.</summary>
/// <param name="Letter">Null when it was processed.</param>
/// <param name="Retry">What became of it as a retry.</param>
internal readonly record struct RecordOutcome(Letter? Letter, RetryOutcome Retry = RetryOutcome.None)
{
    public string? DeadLetterReason => Letter?.Reason;
}

/// <summary>A dead letter in the making.</summary>
/// <param name="Record">The record as it first came.</param>
internal sealed record Letter(InputRecord Record, string Reason)
{
    /// <summary>What a handler or codec threw.</summary>
    public Exception? Cause { get; init; }

    /// <summary>The handler judged the record and refused it.</summary>
    public bool IsRejected { get; init; }

    /// <summary>False when its key was parked already.</summary>
    public bool IsTried { get; init; } = true;

    public int EarlierAttempts { get; init; }

    public string? Line { get; init; }

    public long Number { get; init; }

    /// <summary>The value as an earlier letter sealed it; null when this is the first.</summary>
    public byte[]? SealedValue { get; init; }
}

/// <summary>What became of a retry.</summary>
internal enum RetryOutcome
{
    /// <summary>The record is none.</summary>
    None,

    /// <summary>Its letter was processed.</summary>
    Done,

    /// <summary>Its letter failed again.</summary>
    Failed,

    /// <summary>Its letter was passed over.</summary>
    Skipped,

    /// <summary>Its letter was dealt with before.</summary>
    Duplicate,

    /// <summary>Letters before it are not done.</summary>
    Early,
}
