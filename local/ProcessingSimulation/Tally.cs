using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Processing;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>A count with a note: input, output and state of the topologies under test.</summary>
public sealed record Tally : ISpecificRecord
{
    public static readonly Avro.Schema _SCHEMA = Avro.Schema.Parse(
        """
        {"type":"record","name":"Tally","namespace":"Commerce.Streaming.ProcessingSimulation","fields":[
          {"name":"count","type":"long"},{"name":"note","type":"string","default":""}]}
        """);

    public long Count { get; private set; }

    public string Note { get; private set; } = "";

    Avro.Schema ISpecificRecord.Schema => _SCHEMA;

    public static Tally Of(long count, string note = "") => new() { Count = count, Note = note };

    object ISpecificRecord.Get(int fieldPos) => fieldPos == 0 ? Count : Note;

    void ISpecificRecord.Put(int fieldPos, object fieldValue)
    {
        if (fieldPos == 0)
            Count = (long)fieldValue;
        else
            Note = (string)fieldValue;
    }

    /// <summary>What a careless handler would do.</summary>
    public void Mutate(long count) => Count = count;
}

/// <summary>Catalogue entries for tests.</summary>
public static class TestTopics
{
    public static Topic<Tally> Tallies(string name, int partitions = 3, bool compact = false) => Of<Tally>(name, Tally._SCHEMA, partitions, compact);

    public static Topic<DeadLetter> DeadLetters(string name, int partitions = 3) => Of<DeadLetter>(name, DeadLetter._SCHEMA, partitions);

    public static Topic<TimerEntry> Timers(string name, int partitions = 3) => Of<TimerEntry>(name, TimerEntry._SCHEMA, partitions, compact: true);

    public static Topic<ParkedKey> Parked(string name, int partitions = 3) => Of<ParkedKey>(name, ParkedKey._SCHEMA, partitions, compact: true);

    public static Topic<Retry> Retries(string name, int partitions = 3) => Of<Retry>(name, Retry._SCHEMA, partitions);

    private static Topic<T> Of<T>(string name, Avro.Schema schema, int partitions, bool compact = false) where T : class, ISpecificRecord =>
        new(name, schema)
        {
            Owner = "tests",
            KeyMeaning = "key",
            Partitions = partitions,
            CleanupPolicy = compact ? "compact" : "delete",
            Retention = compact ? null : TimeSpan.FromDays(1),
            Pii = "none",
            Doc = "test",
        };
}
