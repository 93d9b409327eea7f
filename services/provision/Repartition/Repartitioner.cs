using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>
/// Takes a platform that stands still from its partitions to a multiple of them. Topics that are deleted by age grow: what is in them has
/// been read. Compacted topics hold state that must lie where its keys are: they are copied, each entry to where the new number puts it,
/// then made anew under their names. The journal says what has happened; a run that was killed goes on where it stood.
/// </summary>
/// <param name="step">Told before each step that changes something.</param>
internal sealed class Repartitioner(
    KafkaCluster kafka, HomeReading homes, TopicCopy copy, Journal journal, Readiness readiness, SinkPositions? sink, IReadOnlyList<Topic> catalogue,
    TimeProvider clock, Action<string> say, Action<string> step)
{
    private const string CopySuffix = ".repartition";
    private const int GoesOnMax = 5;
    private static readonly TimeSpan GoesOnWait = TimeSpan.FromSeconds(1);
    private readonly List<Topic> _compacted = [.. catalogue.Where(topic => topic.Home is not null)];
    private readonly List<Topic> _others = [.. catalogue.Where(topic => topic is { Home: null, Partitions: > 1 })];

    /// <summary>Does it, or says what it would do.</summary>
    /// <exception cref="RepartitionException">It cannot be done as things are; the message says why.</exception>
    public async Task RunAsync(int to, bool apply, CancellationToken cancellation)
    {
        var progress = journal.Read(cancellation);
        if (progress is not null && progress.To != to)
            throw new RepartitionException($"raising from {progress.From} to {progress.To} is not finished, and Kafka:PartitionsMultiple says {to}: set {progress.To} and run it again");
        await readiness.NobodyAsync(cancellation);
        if (progress is null)
        {
            var found = kafka.Topics();
            var from = RepartitionPlan.PresentMultiple(catalogue, found);
            if (from == to)
            {
                say($"Topics have {to} times the partitions of the catalogue already: nothing to do.");
                return;
            }

            RepartitionPlan.ThrowUnlessGrowth(from, to);
            await readiness.AllReadAsync(found, cancellation);
            progress = new Progress { From = from, To = to, Ends = await EndsAsync(_others, from) };
            await FindHomesAsync(progress, cancellation);
        }
        else
        {
            say($"Goes on from {progress.From} to {progress.To} times the partitions of the catalogue: {progress.Copied.Count} topics are copied, {progress.Made.Count} made anew.");
        }

        if (!apply)
        {
            say("Nothing was changed. --apply does it.");
            return;
        }

        using (copy)
            await ApplyAsync(progress, cancellation);
    }

    /// <summary>Takes back what was begun, while that is possible: copies are deleted, the originals are as they were.</summary>
    public async Task AbandonAsync(CancellationToken cancellation)
    {
        if (journal.Read(cancellation) is { IsChanging: true })
            throw new RepartitionException("topics have been changed: it can only be finished, by --apply");
        foreach (var topic in _compacted)
            await kafka.DeleteAsync(topic.Name + CopySuffix, cancellation);
        await journal.EndAsync(cancellation);
        say("What had been copied is deleted; topics are as they were.");
    }

    private async Task ApplyAsync(Progress progress, CancellationToken cancellation)
    {
        if (!kafka.Topics().ContainsKey(Repartitioning.Journal) || progress.Copied.Count == 0)
        {
            step("journal");
            var replicas = kafka.Topics()[catalogue[0].Name].Replicas;
            await journal.BeginAsync(progress, replicas, await kafka.SettingsAsync(catalogue[0], replicas), cancellation);
        }

        foreach (var topic in _compacted.Where(topic => !progress.Made.Contains(topic.Name)))
            await CopyAsync(topic, progress, cancellation);
        if (!progress.IsChanging)
        {
            step("changing");
            journal.Changing(cancellation);
            progress.IsChanging = true;
        }

        foreach (var topic in _others.Where(topic => kafka.Topics()[topic.Name].Partitions < topic.PartitionsAt(progress.To)))
        {
            step($"grow {topic.Name}");
            await kafka.GrowAsync(topic.Name, topic.PartitionsAt(progress.To), cancellation);
        }

        foreach (var topic in _compacted)
            await MakeAsync(topic, progress, cancellation);
        await PlaceReadersAsync(progress, cancellation);
        var moved = await MovedAsync(progress);
        step("end");
        await journal.EndAsync(cancellation);
        say($"Done: {progress.To} times the partitions of the catalogue. Start everything with Kafka:PartitionsMultiple={progress.To}.");
        if (moved.Count > 0)
            throw new RepartitionException($"records came meanwhile, from somebody who was not stopped, and may lie where nobody seeks them: {string.Join(", ", moved)}");
    }

    private Task FindHomesAsync(Progress progress, CancellationToken cancellation)
    {
        var report = new RepartitionPlan(progress.From, progress.To);
        foreach (var topic in _compacted)
        {
            var (from, to) = Counts(topic, progress);
            var finder = homes.Of(topic, from, to, cancellation);
            copy.EachLive(topic.Name, from, record => report.Add(topic, record, finder.Of(record.Message.Key, record.Message.Value!, record.Partition.Value)), cancellation);
        }

        report.ThrowIfContradicted();
        report.Say(say, _compacted.Count, _others.Count, catalogue.Count - _compacted.Count - _others.Count, sink is not null);
        return Task.CompletedTask;
    }

    /// <summary>A copy that is complete and compared is in the journal; any other is made once more.</summary>
    private async Task CopyAsync(Topic topic, Progress progress, CancellationToken cancellation)
    {
        var (from, to) = Counts(topic, progress);
        var found = kafka.Topics();
        var isOriginal = found.TryGetValue(topic.Name, out var original) && original.Partitions == from;
        if (progress.Copied.TryGetValue(topic.Name, out var known) && (!isOriginal || (await EndsAsync(topic, from)).SequenceEqual(known.Ends)))
            return;
        if (!isOriginal)
            throw new RepartitionException($"{topic.Name} is gone and was not copied: somebody else has deleted it");
        step($"copy {topic.Name}");
        var temporary = topic.Name + CopySuffix;
        await kafka.DeleteAsync(temporary, cancellation);
        var settings = await kafka.SettingsAsync(topic, original!.Replicas);
        await kafka.CreateAsync(temporary, to, original.Replicas, Journal.ForKeeps(settings), cancellation);
        var ends = await EndsAsync(topic, from);
        var finder = homes.Of(topic, from, to, cancellation);
        var digest = copy.Spread(topic.Name, from, temporary, record => HomesOf(finder, topic, record), cancellation);
        ThrowUnlessEqual(temporary, digest.ToString(), copy.DigestOf(temporary, to, cancellation));
        if (!(await EndsAsync(topic, from)).SequenceEqual(ends))
            throw new RepartitionException($"{topic.Name} is being written to. Stop every service first");
        var copied = new CopiedTopic(digest.ToString(), ends, original.Replicas, settings);
        step($"copied {topic.Name}");
        journal.Copied(topic.Name, copied, cancellation);
        progress.Copied[topic.Name] = copied;
    }

    private async Task MakeAsync(Topic topic, Progress progress, CancellationToken cancellation)
    {
        var (_, to) = Counts(topic, progress);
        var temporary = topic.Name + CopySuffix;
        if (!progress.Made.Contains(topic.Name))
        {
            var copied = progress.Copied[topic.Name];
            // Once more, for from here on it is all there is.
            ThrowUnlessEqual(temporary, copied.Digest, copy.DigestOf(temporary, to, cancellation));
            step($"delete {topic.Name}");
            await kafka.DeleteAsync(topic.Name, cancellation);
            step($"create {topic.Name}");
            await kafka.CreateAsync(topic.Name, to, copied.Replicas, copied.Settings, cancellation);
            step($"fill {topic.Name}");
            copy.Repeat(temporary, topic.Name, to, cancellation);
            ThrowUnlessEqual(topic.Name, copied.Digest, copy.DigestOf(topic.Name, to, cancellation));
            step($"made {topic.Name}");
            journal.Made(topic.Name, cancellation);
            progress.Made.Add(topic.Name);
        }

        step($"clean {topic.Name}");
        await kafka.DeleteAsync(temporary, cancellation);
    }

    /// <summary>Kafka forgets positions in a topic that is deleted, PostgreSQL does not; either way what was read is not read again.</summary>
    private async Task PlaceReadersAsync(Progress progress, CancellationToken cancellation)
    {
        var ends = new List<TopicPartitionOffset>();
        foreach (var topic in _compacted)
            ends.AddRange((await EndsAsync(topic, Counts(topic, progress).To)).Select((end, partition) => new TopicPartitionOffset(topic.Name, partition, end)));
        foreach (var reader in _compacted.SelectMany(topic => topic.Readers).Distinct(StringComparer.Ordinal))
        {
            step($"place {reader}");
            var mine = ends.Where(end => _compacted.Single(topic => topic.Name == end.Topic).Readers.Contains(reader)).ToList();
            await CommitAsync(Readiness.GroupPrefix + reader, mine, cancellation);
            if (reader == Readiness.Sink && sink is not null)
                await sink.ReplaceAsync(mine, cancellation);
        }
    }

    // Kafka forgets the deleted topic's offsets by and by: what was set too early is set once more.
    private async Task CommitAsync(string group, List<TopicPartitionOffset> offsets, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < GoesOnMax; attempt++)
        {
            kafka.Commit(group, offsets);
            await Task.Delay(GoesOnWait, clock, cancellation);
            var there = kafka.Committed(group, offsets.Select(offset => offset.TopicPartition));
            if (offsets.TrueForAll(offset => there[offset.TopicPartition] == offset.Offset))
                return;
        }

        throw new RepartitionException($"positions of {group} do not stay where they are set");
    }

    private async Task<List<string>> MovedAsync(Progress progress)
    {
        var now = await EndsAsync(_others, progress.To);
        return [.. _others.Select(topic => topic.Name).Where(name => !now[name].SequenceEqual(progress.Ends[name].Concat(Enumerable.Repeat(0L, now[name].Length - progress.Ends[name].Length))))];
    }

    private static IReadOnlyList<int> HomesOf(EntryHomes finder, Topic topic, ConsumeResult<byte[], byte[]?> record)
    {
        var verdict = finder.Of(record.Message.Key, record.Message.Value!, record.Partition.Value);
        return verdict.Contradiction is null
            ? verdict.Partitions
            : throw new RepartitionException($"{topic.Name}, partition {record.Partition.Value}, offset {record.Offset.Value}: {verdict.Contradiction}");
    }

    private static void ThrowUnlessEqual(string topic, string expected, Digest digest)
    {
        if (digest.ToString() != expected)
            throw new RepartitionException($"{topic} does not hold what it should ({digest.Count} records): nothing was deleted for it; run it again");
    }

    private async Task<Dictionary<string, long[]>> EndsAsync(IEnumerable<Topic> topics, int multiple)
    {
        var ends = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var topic in topics)
            ends[topic.Name] = await EndsAsync(topic, topic.PartitionsAt(multiple));
        return ends;
    }

    private async Task<long[]> EndsAsync(Topic topic, int partitions)
    {
        var ends = await kafka.EndsAsync(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic.Name, partition)));
        return [.. ends.OrderBy(end => end.Key.Partition.Value).Select(end => end.Value)];
    }

    private static (int From, int To) Counts(Topic topic, Progress progress) => (topic.PartitionsAt(progress.From), topic.PartitionsAt(progress.To));
}
