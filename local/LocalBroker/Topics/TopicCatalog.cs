using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>
/// The topics of the broker. Readers see immutable snapshots; changes go one at a time and are on disk before they show.
/// </summary>
internal sealed class TopicCatalog
{
    /// <summary>Partitions of one topic: a mistyped number is refused.</summary>
    public const int MaxPartitionsOfTopic = 1_000;

    private readonly Lock _changes = new();
    private readonly string _directory;
    private readonly string _trash;
    private readonly TopicConfig _defaults;
    private readonly TimeProvider _clock;
    private readonly int _maxPartitions;
    private long _version;
    private ImmutableSortedDictionary<string, Topic> _byName;
    private ImmutableDictionary<Guid, Topic> _byId = ImmutableDictionary<Guid, Topic>.Empty;

    public TopicCatalog(string dataDirectory, IReadOnlyDictionary<string, string> brokerDefaults, int maxPartitions, TimeProvider clock)
    {
        _maxPartitions = maxPartitions;
        _directory = Path.Combine(dataDirectory, "topics");
        _trash = Path.Combine(dataDirectory, "deleted");
        _defaults = new TopicConfig(ImmutableDictionary<string, string>.Empty, brokerDefaults);
        _clock = clock;
        Directory.CreateDirectory(_directory);
        EmptyTrash();
        _byName = Load();
        _byId = _byName.Values.ToImmutableDictionary(topic => topic.Id);
    }

    /// <summary>The settings of a topic that sets none.</summary>
    public TopicConfig Defaults => _defaults;

    /// <summary>Grows with every change, after it shows.</summary>
    public long Version => Interlocked.Read(ref _version);

    public IEnumerable<Topic> All => _byName.Values;

    public IEnumerable<PartitionLog> Logs => _byName.Values.SelectMany(topic => topic.Partitions);

    public Topic? Find(string name) => _byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => _byId.GetValueOrDefault(id);

    public PartitionLog? Log(string topic, int partition) => Find(topic)?.Partition(partition);

    /// <summary>Creates a topic, or says that there is one of that name already or that the broker is full.</summary>
    public (ErrorCode Error, string? Message, Topic? Topic) Create(string name, int partitions, IReadOnlyDictionary<string, string> config)
    {
        lock (_changes)
        {
            if (_byName.TryGetValue(name, out var existing))
                return (ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.", existing);
            if (LacksRoomFor(partitions, out var message))
                return (ErrorCode.PolicyViolation, message, null);
            var directory = DirectoryOf(name);
            Directory.CreateDirectory(directory);
            var file = new TopicFile(Guid.CreateVersion7(_clock.GetUtcNow()), partitions, new Dictionary<string, string>(config));
            var topic = Open(name, directory, file);
            file.Write(directory);
            Publish(topic);
            return (ErrorCode.None, null, topic);
        }
    }

    /// <summary>Raises the number of partitions; fewer is never possible.</summary>
    public (ErrorCode Error, string? Message) AddPartitions(string name, int count, bool validateOnly)
    {
        lock (_changes)
        {
            if (!_byName.TryGetValue(name, out var topic))
                return (ErrorCode.UnknownTopicOrPartition, null);
            if (count <= topic.Partitions.Count)
                return (ErrorCode.InvalidPartitions, $"The topic has {topic.Partitions.Count} partition(s); {count} would be no increase.");
            if (count > MaxPartitionsOfTopic)
                return (ErrorCode.InvalidPartitions, $"Number of partitions must be between 1 and {MaxPartitionsOfTopic}.");
            if (LacksRoomFor(count - topic.Partitions.Count, out var message))
                return (ErrorCode.PolicyViolation, message);
            if (validateOnly)
                return (ErrorCode.None, null);
            var more = Enumerable.Range(topic.Partitions.Count, count - topic.Partitions.Count)
                .Select(index => OpenLog(name, DirectoryOf(name), index, topic.Config));
            var grown = topic with { Partitions = [.. topic.Partitions, .. more] };
            FileOf(grown).Write(DirectoryOf(name));
            Publish(grown);
            return (ErrorCode.None, null);
        }
    }

    /// <summary>Replaces the topic's own settings.</summary>
    public ErrorCode Alter(string name, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string>> change)
    {
        lock (_changes)
        {
            if (!_byName.TryGetValue(name, out var topic))
                return ErrorCode.UnknownTopicOrPartition;
            var altered = topic with { Config = _defaults.With(change(topic.Config.Overrides)) };
            FileOf(altered).Write(DirectoryOf(name));
            foreach (var log in altered.Partitions)
                log.Config = altered.Config;
            Publish(altered);
            return ErrorCode.None;
        }
    }

    /// <summary>Deletes a topic. Its folder is renamed away first, so that a crash leaves all of it or nothing.</summary>
    public ErrorCode Delete(string name)
    {
        lock (_changes)
        {
            if (!_byName.TryGetValue(name, out var topic))
                return ErrorCode.UnknownTopicOrPartition;
            Directory.CreateDirectory(_trash);
            Directory.Move(DirectoryOf(name), Path.Combine(_trash, topic.Id.ToString("N")));
            _byName = _byName.Remove(name);
            _byId = _byId.Remove(topic.Id);
            Interlocked.Increment(ref _version);
            foreach (var log in topic.Partitions)
                log.Abandon();
            EmptyTrash();
            return ErrorCode.None;
        }
    }

    public void Close() => Parallel.ForEach(Logs, log => log.Close());

    // Each partition holds a file open, and a process can open only so many.
    private bool LacksRoomFor(int partitions, out string? message)
    {
        var there = _byName.Values.Sum(topic => topic.Partitions.Count);
        var lacks = partitions > _maxPartitions - there;
        message = lacks ? $"This broker has {there} partitions, and {_maxPartitions} is its limit." : null;
        return lacks;
    }

    private static TopicFile FileOf(Topic topic) =>
        new(topic.Id, topic.Partitions.Count, new Dictionary<string, string>(topic.Config.Overrides));

    private string DirectoryOf(string name) => Path.Combine(_directory, name);

    private ImmutableSortedDictionary<string, Topic> Load()
    {
        var topics = new ConcurrentDictionary<string, Topic>();
        Parallel.ForEach(Directory.EnumerateDirectories(_directory), directory =>
        {
            var name = Path.GetFileName(directory);
            if (TopicFile.Read(directory) is { } file)
                topics[name] = Open(name, directory, file);
            else
                Directory.Delete(directory, recursive: true);
        });
        return topics.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private Topic Open(string name, string directory, TopicFile file)
    {
        var config = _defaults.With(file.Config);
        var logs = new PartitionLog[file.Partitions];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = OpenLog(name, directory, i, config);
        return new Topic(name, file.Id, config, logs);
    }

    private PartitionLog OpenLog(string topic, string directory, int index, TopicConfig config) =>
        new(topic, index, Path.Combine(directory, index.ToString(CultureInfo.InvariantCulture)), config, _clock);

    private void Publish(Topic topic)
    {
        _byName = _byName.SetItem(topic.Name, topic);
        _byId = _byId.SetItem(topic.Id, topic);
        Interlocked.Increment(ref _version);
    }

    private void EmptyTrash()
    {
        if (Directory.Exists(_trash))
            Directory.Delete(_trash, recursive: true);
    }
}
