using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>That a topology's dead letters can be retried, and how.</summary>
/// <param name="InOrder">Keys are parked: a letter's successors wait behind it. False: each letter is a line of its own and holds nothing up.</param>
/// <param name="Rejections">Reasons of <see cref="RejectedRecordException"/> that park as well.</param>
internal sealed record LineDefinition(Topic<ParkedKey> Changelog, Topic<Retry> Retries, bool InOrder, IReadOnlySet<string> Rejections)
{
    public const string StoreName = "parked";

    public Store<ParkedKey> Store { get; } = new(StoreName, Changelog);
}

/// <summary>
/// Lines of letters: who joins one, whose turn it is, what a retry does to it. A line is state like any other, so it commits with the
/// letter, and a retry that comes twice, early or late finds that it is not its turn.
/// </summary>
/// <param name="linesMax">Lines in one partition.</param>
internal sealed class LetterLines(LineDefinition definition, TimeProvider clock, int linesMax)
{
    /// <summary>The letter of a record whose key is parked; null when it is not.</summary>
    public Letter? Join(string key, InputRecord record, IRecordContext context)
    {
        if (!definition.InOrder)
            return null;
        var root = KeyRoot.Of(key);
        if (context.LineOf(root) is not { } line)
            return null;
        line = line with { Last = line.Last + 1 };
        context.SetLine(root.ToString(), line);
        return new Letter(record, DeadLetterReasons.Parked) { Line = line.Line, Number = line.Last, IsTried = false };
    }

    /// <summary>Begins a line with a record that has failed, if its reason is one that parks.</summary>
    /// <exception cref="TopologyFailedException">Too many keys are parked: it is no longer the records.</exception>
    public Letter Begin(string key, Letter letter, IRecordContext context)
    {
        if (!Parks(letter))
            return letter;
        if (context.LineCount >= linesMax)
        {
            return !definition.InOrder
                ? letter
                : throw new TopologyFailedException(
                    $"{linesMax} keys of a partition are parked: with Processing:ParkedKeysMax above that it goes on") { Reason = "parked_keys_max" };
        }

        var name = NameOf(letter.Record);
        context.SetLine(definition.InOrder ? KeyRoot.Of(key).ToString() : name, new ParkedKey
        {
            Line = name,
            Next = 1,
            Last = 1,
            Since = clock.GetUtcNow(),
            Reason = letter.Reason,
            Attempts = 1,
        });
        return letter with { Line = name, Number = 1 };
    }

    /// <summary>The place that a retry has come for, and whether it is its turn.</summary>
    public (RetryOutcome Verdict, LinePlace Place) Find(string key, Retry retry, IRecordContext context)
    {
        var id = definition.InOrder ? KeyRoot.Of(key).ToString() : retry.Line;
        if (context.LineOf(id) is not { } line || line.Line != retry.Line || retry.Number < line.Next)
            return (RetryOutcome.Duplicate, default);
        return (retry.Number > line.Next ? RetryOutcome.Early : RetryOutcome.Done, new LinePlace(id, line));
    }

    /// <summary>The letter whose turn it was is dealt with; after the last one the key is free.</summary>
    public static void Advance(LinePlace place, IRecordContext context) =>
        context.SetLine(place.Id, place.Line.Next == place.Line.Last
            ? null
            : place.Line with { Next = place.Line.Next + 1, Reason = DeadLetterReasons.Parked, Attempts = 0 });

    /// <summary>The letter has failed again and stays where it is.</summary>
    public static Letter Stay(LinePlace place, Letter letter, IRecordContext context)
    {
        context.SetLine(place.Id, place.Line with { Reason = letter.Reason, Attempts = place.Line.Attempts + 1 });
        return letter with { Line = place.Line.Line, Number = place.Line.Next, EarlierAttempts = place.Line.Attempts };
    }

    // A rejection is the handler's judgement of the record, not its failure: the key goes on without it, unless the topology says otherwise.
    private bool Parks(Letter letter) => !letter.IsRejected || !definition.InOrder || definition.Rejections.Contains(letter.Reason);

    private static string NameOf(InputRecord record) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{record.Topic}/{record.Partition.Value}/{record.Offset.Value}");
}

/// <summary>A line as it is, and the key of its state.</summary>
internal readonly record struct LinePlace(string Id, ParkedKey Line);
