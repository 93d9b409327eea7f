namespace Commerce.Processing;

public sealed partial record Retry
{
    /// <summary>The order to process <paramref name="letter"/> again, or to pass over it.</summary>
    /// <exception cref="ArgumentException">Nobody could take the order; see <see cref="DeadLetter.CannotBeRetried"/>.</exception>
    public static Retry Of(DeadLetter letter, bool skip = false)
    {
        ArgumentNullException.ThrowIfNull(letter);
        if (letter.CannotBeRetried is { } why && !(skip && letter.Line is not null))
            throw new ArgumentException(why, nameof(letter));
        return new Retry
        {
            Line = letter.Line!,
            Number = letter.Number,
            Skip = skip,
            Topic = letter.Topic,
            Partition = letter.Partition,
            Offset = letter.Offset,
            Timestamp = letter.Timestamp ?? letter.FailedAt,
            Value = skip ? null : letter.Value,
        };
    }
}

public sealed partial record DeadLetter
{
    /// <summary>Why it cannot be processed again; null when it can.</summary>
    public string? CannotBeRetried =>
        Line is null ? "it waits in no line: its pipeline has gone on without it"
        : ValueOmitted ? $"its value was too large for a letter; it is in {Topic}, partition {Partition}, offset {Offset}"
        : null;
}
