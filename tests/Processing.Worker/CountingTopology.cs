using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Worker;

/// <summary>Counts by key: the smallest topology whose outputs show every record lost, doubled or out of order.</summary>
/// <param name="isParking">Parks the keys of records that fail; a retry with the header <see cref="Repaired"/> does not.</param>
public sealed class CountingTopology(string prefix, int partitions = 3, bool isParking = false)
{
    public string Name => prefix;

    public bool IsParking => isParking;

    public Topic<ParkedKey> Parked { get; } = TestTopics.Parked(prefix + ".parked", partitions);
    public Topic<Retry> Retries { get; } = TestTopics.Retries(prefix + ".retries", partitions);

    public Topic<Tally> Input { get; } = TestTopics.Tallies(prefix + ".in", partitions);
    public Topic<Tally> Output { get; } = TestTopics.Tallies(prefix + ".out", partitions);
    public Topic<DeadLetter> DeadLetters { get; } = TestTopics.DeadLetters(prefix + ".dlq", partitions);
    public Store<Tally> Counts { get; } = new("counts", TestTopics.Tallies(prefix + ".counts.changelog", partitions, compact: true));

    public Topology Build()
    {
        var topology = Topology.Named(prefix)
            .WithState(Counts)
            .From(Input, Count)
            .InParallelByKey()
            .To(Output)
            .DeadLettersTo(DeadLetters);
        return isParking ? topology.ParkingKeys(Parked, Retries) : topology;
    }

    public Topology BuildWithView() => Build().ViewedIn(View);

    public string ViewPrefix => prefix + ":";

    public RedisView View => RedisView.AsHash(
        Counts, ViewPrefix, (_, tally) => [new("count", tally.Count.ToString(CultureInfo.InvariantCulture)), new("note", tally.Note)]);

    public const string Poison = "poison";

    public const string Repaired = "repaired";

    /// <summary>The number that a producer gave the record, if it did.</summary>
    public static long? SequenceOf(string? note) =>
        long.TryParse(note, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;

    private void Count(Record<Tally> record, IProcessingContext context)
    {
        var before = context.Get(Counts, record.Key);
        // A producer that did not hear of its success has sent it twice.
        if (SequenceOf(record.Value.Note) is { } sequence && sequence <= SequenceOf(before?.Note))
            return;
        var total = (before?.Count ?? 0) + record.Value.Count;
        // Poison has no number: the one before it stays.
        context.Put(Counts, record.Key, Tally.Of(total, record.Value.Note == Poison ? before?.Note ?? "" : record.Value.Note));
        context.Send(Output, record.Key, Tally.Of(total));
        // After its effects, so that undoing them is what is tested.
        if (record.Value.Note == Poison && !record.Headers.TryGetLastBytes(Repaired, out _))
            throw new InvalidOperationException("poison");
    }
}
