namespace Commerce.Streaming.LocalRegistry;

/// <summary>Deleting is two steps: hide (soft), then forget (permanent). What others refer to stays.</summary>
internal static class Deleting
{
    public static Decision<IReadOnlyList<int>> Subject(RegistryState state, string subject, bool permanent)
    {
        Settings.RequireWritable(state, subject);
        var all = state.AllVersions(subject).Values.ToArray();
        if (all.Length == 0)
            throw RegistryErrors.SubjectNotFound(subject);
        var live = all.Where(v => !v.Deleted).ToArray();
        if (permanent && live.Length > 0)
            throw RegistryErrors.SubjectNotSoftDeleted(subject);
        if (!permanent && live.Length == 0)
            throw RegistryErrors.SubjectSoftDeleted(subject);
        foreach (var version in permanent ? all : live)
            RequireUnreferenced(state, subject, version.Version);
        return permanent
            ? new([.. all.Select(v => new VersionErased(subject, v.Version))], [.. all.Select(v => v.Version)])
            : new([.. live.Select(v => new VersionDeleted(subject, v.Version)), .. Forget(state, subject)], [.. live.Select(v => v.Version)]);
    }

    public static Decision<int> Version(RegistryState state, string subject, string version, bool permanent)
    {
        Settings.RequireWritable(state, subject);
        var entry = Subjects.Require(state, subject, version, deleted: !Subjects.IsLatest(version) || permanent);
        if (permanent && !entry.Deleted)
            throw RegistryErrors.VersionNotSoftDeleted(subject, entry.Version);
        if (!permanent && entry.Deleted)
            throw RegistryErrors.VersionSoftDeleted(subject, entry.Version);
        RequireUnreferenced(state, subject, entry.Version);
        return Decision.Of<int>(entry.Version, permanent ? new VersionErased(subject, entry.Version) : new VersionDeleted(subject, entry.Version));
    }

    /// <summary>A subject that is hidden loses its own level and mode.</summary>
    private static IEnumerable<RegistryChange> Forget(RegistryState state, string subject)
    {
        if (state.LevelOf(subject) is not null)
            yield return new LevelSet(subject, null);
        if (state.ModeOf(subject) is not null)
            yield return new ModeSet(subject, null);
    }

    private static void RequireUnreferenced(RegistryState state, string subject, int version)
    {
        if (Subjects.ReferringTo(state, subject, version).Any())
            throw RegistryErrors.ReferenceExists(subject, version);
    }
}
