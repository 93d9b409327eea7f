namespace Commerce.Streaming.Processing.Redis;

/// <summary>Messages merged by partition: the last value of each key counts, and a snapshot replaces all before it.</summary>
internal sealed class ViewBatch
{
    private readonly Dictionary<ViewPartition, Part> _parts = [];

    public IReadOnlyCollection<Part> Parts => _parts.Values;

    public int Keys { get; private set; }

    public void Add(ViewMessage message)
    {
        if (!_parts.TryGetValue(message.Target, out var part))
            _parts[message.Target] = part = new Part(message.Target);
        switch (message)
        {
            case ViewMessage.Changed changed:
                part.Add(changed);
                Keys += changed.Entries.Count;
                break;
            case ViewMessage.Snapshot snapshot:
                part.Replace(snapshot);
                Keys += snapshot.Entries.Count;
                break;
            case ViewMessage.Missed:
                part.HasGap = true;
                break;
        }
    }

    internal sealed class Part(ViewPartition target)
    {
        private readonly Dictionary<string, (object? Value, bool IsNew)> _changes = new(StringComparer.Ordinal);
        private IReadOnlyList<KeyValuePair<string, object>>? _snapshot;

        public ViewPartition Target => target;

        public long To { get; private set; }

        public long CommitNumber { get; private set; } = target.WrittenNumber;

        public bool IsSnapshot => _snapshot is not null;

        /// <summary>A commit between the view and these changes, or among them, was not handed over.</summary>
        public bool HasGap { get; set; } = target.IsBroken;

        public void Add(ViewMessage.Changed changed)
        {
            HasGap |= changed.CommitNumber != CommitNumber + 1;
            (To, CommitNumber) = (changed.To, changed.CommitNumber);
            foreach (var (key, value, isNew) in changed.Entries)
                _changes[key] = (value, isNew || (_changes.TryGetValue(key, out var before) && before.IsNew));
        }

        public void Replace(ViewMessage.Snapshot snapshot)
        {
            HasGap = false;
            (To, CommitNumber) = (snapshot.To, snapshot.CommitNumber);
            _snapshot = snapshot.Entries;
            _changes.Clear();
        }

        public List<ViewChange> ToChanges()
        {
            if (_snapshot is null)
                return [.. _changes.Select(change => target.Show(change.Key, change.Value.Value, change.Value.IsNew))];
            var entries = _snapshot.ToDictionary(entry => entry.Key, entry => (object?)entry.Value, StringComparer.Ordinal);
            foreach (var (key, change) in _changes)
                entries[key] = change.Value;
            return [.. entries.Select(entry => target.Show(entry.Key, entry.Value, joinsIndex: true))];
        }
    }
}
