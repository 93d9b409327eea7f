using System.Text;
using Commerce.Streaming.DeadLetters;
using Commerce.Streaming.Processing.Rig.Counting;
using Confluent.Kafka;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Processing.Rig.Rounds;

/// <summary>
/// Gives letters back while everything else goes on: now and then twice, now and then only the first of a line, now and then before their cause
/// is repaired. At the end until nothing waits.
/// </summary>
internal sealed class LetterOperator
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(700);

    private readonly LetterConnection _connection;
    private readonly LetterTopics _topics;
    private readonly WaitingLetters _waiting;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private Task _work = Task.CompletedTask;
    private long _orders;

    private LetterOperator(Addresses servers, CountingTopology topology, int seed)
    {
        _connection = new LetterConnection(servers.ClientProperties, new CachedSchemaRegistryClient(servers.RegistryProperties));
        _topics = new LetterTopics(topology.Name, topology.DeadLetters, topology.Parked, topology.Retries);
        _waiting = new WaitingLetters(_connection, _topics);
        _random = new Random(seed);
    }

    /// <summary>Lines that were seen waiting.</summary>
    public int Seen => _seen.Count;

    public static LetterOperator Begin(Addresses servers, CountingTopology topology, int seed)
    {
        var one = new LetterOperator(servers, topology, seed);
        one._work = Task.Factory.StartNew(one.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return one;
    }

    /// <summary>Ends when nothing waits; how many orders were given.</summary>
    public async Task<long> EndAsync(TimeSpan max)
    {
        await _stop.CancelAsync();
        await _work;
        using var limit = new CancellationTokenSource(max);
        // A pipeline that is behind may still park keys: nothing must wait twice in a row.
        for (var quiet = 0; quiet < 5 && !limit.IsCancellationRequested;)
        {
            quiet = Tend(inEarnest: true) ? 0 : quiet + 1;
            await Task.Delay(LookInterval, CancellationToken.None);
        }

        _connection.Registry.Dispose();
        _stop.Dispose();
        return _orders;
    }

    private void Work()
    {
        while (!_stop.IsCancellationRequested)
        {
            Tend(inEarnest: false);
            _stop.Token.WaitHandle.WaitOne(LookInterval);
        }
    }

    /// <summary>False when nothing waits.</summary>
    private bool Tend(bool inEarnest)
    {
        try
        {
            var lines = _waiting.Read(new LineFilter(), CancellationToken.None);
            using var sender = new RetrySender(_connection, _topics);
            foreach (var line in lines)
            {
                _seen.Add(line.Place.Line);
                if (inEarnest || _random.Next(2) == 0)
                    Tend(line, sender, inEarnest);
            }

            sender.Flush(CancellationToken.None);
            return lines.Count > 0;
        }
        catch (Exception trouble) when (trouble is LettersException or KafkaException or SchemaRegistryException or HttpRequestException)
        {
            // Brokers are being killed: an order that got lost is given again.
            return true;
        }
    }

    private void Tend(WaitingLine line, RetrySender sender, bool inEarnest)
    {
        var isRepaired = inEarnest || _random.Next(3) > 0;
        var count = inEarnest ? line.Letters.Count : _random.Next(line.Letters.Count + 1);
        for (var times = _random.Next(4) == 0 ? 2 : 1; times > 0; times--)
        {
            foreach (var letter in line.Letters.Take(count))
            {
                _orders++;
                if (letter.Letter.Reason == DeadLetterReasons.Deserialization && isRepaired)
                    sender.Skip(line, letter.Letter.Number);
                else
                    sender.Retry(line, isRepaired ? Repaired(letter) : letter);
            }
        }
    }

    private static WaitingLetter Repaired(WaitingLetter letter)
    {
        var headers = new Headers();
        foreach (var header in letter.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        headers.Remove(CountingTopology.Repaired);
        headers.Add(CountingTopology.Repaired, Encoding.ASCII.GetBytes("1"));
        return letter with { Headers = headers };
    }
}
