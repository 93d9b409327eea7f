using System.Collections.Immutable;
using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Everything the registry knows, immutable: readers take one and need no lock, a writer makes the next.</summary>
internal sealed record RegistryState
{
    /// <summary>The key of global settings; not a legal subject.</summary>
    private const string Global = "";

    private static readonly ImmutableSortedDictionary<int, VersionEntry> NoVersions = ImmutableSortedDictionary<int, VersionEntry>.Empty;

    public static RegistryState Empty { get; } = new();

    public ImmutableSortedDictionary<int, StoredSchema> Schemas { get; private init; } = ImmutableSortedDictionary<int, StoredSchema>.Empty;

    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<int, VersionEntry>> Subjects { get; private init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<int, VersionEntry>>(StringComparer.Ordinal);

    public int NextId { get; private init; } = 1;

    private ImmutableDictionary<string, int> IdByKey { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, CompatibilityLevel> Levels { get; init; } = ImmutableSortedDictionary.Create<string, CompatibilityLevel>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, RegistryMode> Modes { get; init; } = ImmutableSortedDictionary.Create<string, RegistryMode>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<int, VersionEntry> AllVersions(string subject) => Subjects.GetValueOrDefault(subject, NoVersions);

    public IEnumerable<VersionEntry> Versions(string subject, bool deleted) => AllVersions(subject).Values.Where(v => deleted || !v.Deleted);

    public bool HasSubject(string subject, bool deleted) => Versions(subject, deleted).Any();

    public int? IdOf(StoredSchema schema) => IdByKey.TryGetValue(schema.Key, out var id) ? id : null;

    public SubjectVersion Describe(string subject, VersionEntry entry) => new(subject, entry.Version, entry.SchemaId, Schemas[entry.SchemaId]);

    public CompatibilityLevel? LevelOf(string? subject) => Levels.TryGetValue(subject ?? Global, out var level) ? level : null;

    public RegistryMode? ModeOf(string? subject) => Modes.TryGetValue(subject ?? Global, out var mode) ? mode : null;

    /// <summary>The mode that holds: the override, else the subject's own, else the global one.</summary>
    public RegistryMode ModeInScope(string? subject)
    {
        var global = ModeOf(null) ?? RegistryMode.ReadWrite;
        return global == RegistryMode.ReadOnlyOverride || subject is null ? global : ModeOf(subject) ?? global;
    }

    public RegistryState Apply(IEnumerable<RegistryChange> changes) => changes.Aggregate(this, (state, change) => state.Apply(change));

    /// <summary>The shortest list of changes that leads here from nothing.</summary>
    public IEnumerable<RegistryChange> Replay()
    {
        // By id, so that ids are given again in the order in which they were.
        var versions = Subjects.SelectMany(s => s.Value.Values.Select(v => (Subject: s.Key, Entry: v)));
        foreach (var (subject, entry) in versions.OrderBy(v => v.Entry.SchemaId).ThenBy(v => v.Entry.Version))
            yield return new VersionAdded(subject, entry.Version, entry.SchemaId, Schemas[entry.SchemaId], entry.Deleted);
        foreach (var (subject, level) in Levels)
            yield return new LevelSet(subject == Global ? null : subject, level.WireName());
        foreach (var (subject, mode) in Modes)
            yield return new ModeSet(subject == Global ? null : subject, mode.WireName());
        yield return new IdsUsed(NextId);
    }

    private RegistryState Apply(RegistryChange change) => change switch
    {
        VersionAdded added => Add(added),
        VersionDeleted deleted => With(deleted.Subject, AllVersions(deleted.Subject).SetItem(
            deleted.Version, AllVersions(deleted.Subject)[deleted.Version] with { Deleted = true })),
        VersionErased erased => Erase(erased),
        LevelSet { Level: null } set => this with { Levels = Levels.Remove(set.Subject ?? Global) },
        LevelSet set => CompatibilityLevels.TryParse(set.Level, out var level)
            ? this with { Levels = Levels.SetItem(set.Subject ?? Global, level) }
            : throw new InvalidDataException($"Unknown compatibility level {set.Level}"),
        ModeSet { Mode: null } set => this with { Modes = Modes.Remove(set.Subject ?? Global) },
        ModeSet set => RegistryModes.TryParse(set.Mode, out var mode)
            ? this with { Modes = Modes.SetItem(set.Subject ?? Global, mode) }
            : throw new InvalidDataException($"Unknown mode {set.Mode}"),
        IdsUsed ids => this with { NextId = Math.Max(NextId, ids.Next) },
        _ => throw new InvalidDataException($"Unknown change {change.GetType().Name}"),
    };

    private RegistryState Add(VersionAdded added) => With(
        added.Subject, AllVersions(added.Subject).SetItem(added.Version, new VersionEntry(added.Version, added.Id, added.Deleted))) with
    {
        Schemas = Schemas.SetItem(added.Id, added.Schema),
        IdByKey = IdByKey.SetItem(added.Schema.Key, added.Id),
        NextId = Math.Max(NextId, added.Id + 1),
    };

    private RegistryState Erase(VersionErased erased)
    {
        var id = AllVersions(erased.Subject)[erased.Version].SchemaId;
        var next = With(erased.Subject, AllVersions(erased.Subject).Remove(erased.Version));
        if (next.Subjects.Values.Any(versions => versions.Values.Any(v => v.SchemaId == id)))
            return next;
        return next with { IdByKey = IdByKey.Remove(Schemas[id].Key), Schemas = Schemas.Remove(id) };
    }

    private RegistryState With(string subject, ImmutableSortedDictionary<int, VersionEntry> versions) =>
        this with { Subjects = versions.IsEmpty ? Subjects.Remove(subject) : Subjects.SetItem(subject, versions) };
}
