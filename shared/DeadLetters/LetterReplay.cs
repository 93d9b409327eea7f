using Confluent.Kafka;

namespace Commerce.Streaming.DeadLetters;

/// <summary>What a replay came to.</summary>
/// <param name="Done">Letters that were processed, or passed over.</param>
/// <param name="Freed">Lines that are done.</param>
/// <param name="Stuck">Lines that still wait, as they are now.</param>
/// <param name="IsTaken">The pipeline has taken everything that was sent; false: it does not run.</param>
public sealed record ReplayOutcome(long Done, int Freed, IReadOnlyList<WaitingLine> Stuck, bool IsTaken);

/// <summary>
/// Gives letters back, in their order, waits for the pipeline, looks again, and goes on as long as something moves: letters that came
/// meanwhile are in line. Whatever it sends twice is done once, so it can be ended and begun anew at any moment.
/// </summary>
public sealed class LetterReplay(LetterConnection connection, LetterTopics topics, TimeProvider clock)
{
    /// <summary>Looks at the whole: each costs reading both topics.</summary>
    public const int RoundsMax = 100;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    private readonly WaitingLetters _waiting = new(connection, topics);

    /// <summary>How long the pipeline may take for what one round sends.</summary>
    public TimeSpan TakenMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <param name="limit">Most letters to give back.</param>
    public async Task<ReplayOutcome> RunAsync(LineFilter filter, int limit, CancellationToken cancellation)
    {
        using var sender = new RetrySender(connection, topics);
        var stuck = new HashSet<(string Line, long Next)>();
        var (sent, done, freed) = (0, 0L, 0);
        var lines = _waiting.Read(filter, cancellation);
        for (var round = 0; round < RoundsMax; round++)
        {
            var batch = lines.Where(line => line.Letters.Count > 0 && !stuck.Contains((line.Place.Line, line.Place.Next))).ToList();
            var before = sent;
            foreach (var line in batch)
                sent += Send(sender, line, limit - sent);
            if (sent == before)
                break;
            sender.Flush(cancellation);
            if (!await TakenAsync(sender.Next, cancellation))
                return new ReplayOutcome(done, freed, lines, IsTaken: false);
            var after = _waiting.Read(new LineFilter(), cancellation);
            var byLine = after.ToDictionary(line => line.Place.Line, StringComparer.Ordinal);
            foreach (var line in batch)
            {
                var now = byLine.GetValueOrDefault(line.Place.Line);
                done += (now?.Place.Next ?? line.Place.Last + 1) - line.Place.Next;
                freed += now is null ? 1 : 0;
                // Its head was tried and failed: trying it again at once would not help.
                if (now is not null && now.Place.Next <= line.Place.Last)
                    stuck.Add((now.Place.Line, now.Place.Next));
            }

            // By key alone: what stuck may have another reason by now.
            lines = [.. after.Where(line => batch.Exists(each => each.Id == line.Id && each.Partition == line.Partition) || filter.Takes(line))];
        }

        return new ReplayOutcome(done, freed, lines, IsTaken: true);
    }

    /// <summary>Passes over the first letters of lines, of each as many as stand beside it.</summary>
    public async Task<bool> SkipAsync(IEnumerable<(WaitingLine Line, int Count)> letters, CancellationToken cancellation)
    {
        using var sender = new RetrySender(connection, topics);
        foreach (var (line, count) in letters)
        {
            for (var number = line.Place.Next; number < line.Place.Next + count && number <= line.Place.Last; number++)
                sender.Skip(line, number);
        }

        sender.Flush(cancellation);
        return await TakenAsync(sender.Next, cancellation);
    }

    private static int Send(RetrySender sender, WaitingLine line, int most)
    {
        var letters = line.Letters.Take(Math.Max(0, most)).TakeWhile(each => each.Letter.CannotBeRetried is null).ToList();
        letters.ForEach(letter => sender.Retry(line, letter));
        return letters.Count;
    }

    /// <summary>The pipeline has committed past what was sent.</summary>
    private async Task<bool> TakenAsync(IReadOnlyDictionary<int, long> next, CancellationToken cancellation)
    {
        // Asked as a member would, without joining: librdkafka's administrative call for a group's offsets ends the process when the
        // coordinator dies while it is asked.
        using var asker = new ConsumerBuilder<Ignore, Ignore>(connection.Asker(topics.GroupId)).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        var partitions = next.Keys.Select(partition => new TopicPartition(topics.Retries!.Name, partition)).ToList();
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < TakenMax)
        {
            if (Committed(asker, partitions) is { } committed && next.All(each => committed.GetValueOrDefault(each.Key) >= each.Value))
                return true;
            await Task.Delay(LookInterval, clock, cancellation);
        }

        return false;
    }

    private static Dictionary<int, long>? Committed(IConsumer<Ignore, Ignore> asker, List<TopicPartition> partitions)
    {
        try
        {
            return asker.Committed(partitions, AnswerMax).ToDictionary(each => each.Partition.Value, each => each.Offset.Value);
        }
        catch (KafkaException)
        {
            // Brokers come and go; the next look will tell.
            return null;
        }
    }
}
