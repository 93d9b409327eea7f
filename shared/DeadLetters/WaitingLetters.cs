using System.Text;
using Commerce.Processing;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.DeadLetters;

/// <summary>Reads what waits: the lines from the pipeline's changelog, their letters from its dead letter topic.</summary>
public sealed class WaitingLetters(LetterConnection connection, LetterTopics topics)
{
    /// <summary>Letters held in memory at a time; of longer lines the beginning.</summary>
    public const int LettersMax = 100_000;

    private readonly IDeserializer<ParkedKey> _parked = new AvroDeserializer<ParkedKey>(connection.Registry).AsSyncOverAsync();
    private readonly IDeserializer<DeadLetter> _letters = new AvroDeserializer<DeadLetter>(connection.Registry).AsSyncOverAsync();

    /// <summary>The lines that <paramref name="filter"/> means, oldest first.</summary>
    /// <exception cref="LettersException">A topic cannot be read.</exception>
    public IReadOnlyList<WaitingLine> Read(LineFilter filter, CancellationToken cancellation)
    {
        var places = Places(cancellation);
        if (places.Count == 0)
            return [];
        var found = Letters(places.Values, cancellation);
        return
        [
            .. places.Select(place => new WaitingLine(place.Key.Id, place.Key.Partition, place.Value, InOrder(place.Value, found)))
                .Where(filter.Takes)
                .OrderBy(line => line.Place.Since).ThenBy(line => line.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Lines as they are, without their letters.</summary>
    public IReadOnlyDictionary<(string Id, int Partition), ParkedKey> Places(CancellationToken cancellation)
    {
        var parked = topics.Parked ?? throw new LettersException($"{topics.Pipeline} takes no letters back: it has no topic of retries");
        var places = new Dictionary<(string Id, int Partition), ParkedKey>();
        TopicReading.ReadAll(connection, parked.Name, record =>
        {
            var place = (Encoding.UTF8.GetString(record.Message.Key!), record.Partition.Value);
            if (record.Message.Value is { } value)
                places[place] = _parked.Deserialize(value, isNull: false, new SerializationContext(MessageComponentType.Value, parked.Name));
            else
                places.Remove(place);
        }, cancellation);
        return places;
    }

    /// <summary>Every letter of the topic, those that are done or final included, in the order of each partition.</summary>
    public void ReadEvery(Action<WaitingLetter> take, CancellationToken cancellation) =>
        TopicReading.ReadAll(connection, topics.Letters.Name, record => take(new WaitingLetter(Decode(record), record.Message.Headers)), cancellation);

    private Dictionary<(string Line, long Number), WaitingLetter> Letters(IEnumerable<ParkedKey> places, CancellationToken cancellation)
    {
        var byLine = places.ToDictionary(place => place.Line, StringComparer.Ordinal);
        var found = new Dictionary<(string Line, long Number), WaitingLetter>();
        ReadEvery(letter =>
        {
            var (line, number) = (letter.Letter.Line, letter.Letter.Number);
            if (line is null || !byLine.TryGetValue(line, out var place) || number < place.Next)
                return;
            // One that failed again was written again: the newest holds.
            if (found.Count < LettersMax || found.ContainsKey((line, number)))
                found[(line, number)] = letter;
        }, cancellation);
        return found;
    }

    private static List<WaitingLetter> InOrder(ParkedKey place, Dictionary<(string Line, long Number), WaitingLetter> found)
    {
        var letters = new List<WaitingLetter>();
        for (var number = place.Next; number <= place.Last && found.TryGetValue((place.Line, number), out var letter); number++)
            letters.Add(letter);
        return letters;
    }

    private DeadLetter Decode(ConsumeResult<byte[]?, byte[]?> record) =>
        _letters.Deserialize(record.Message.Value!, isNull: false, new SerializationContext(MessageComponentType.Value, topics.Letters.Name));
}
