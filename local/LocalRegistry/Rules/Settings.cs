using Commerce.Streaming.AvroCompatibility;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Compatibility level and mode, global (subject null) or of one subject.</summary>
internal static class Settings
{
    public static Decision<string> SetLevel(RegistryState state, string? subject, string? level)
    {
        if (subject is not null)
            Subjects.RequireLegal(subject);
        if (!CompatibilityLevels.TryParse(level, out var parsed))
            throw RegistryErrors.InvalidLevel();
        RequireWritable(state, subject);
        return Decision.Of(parsed.WireName(), new LevelSet(subject, parsed.WireName()));
    }

    /// <summary>Answers with the level that held until now.</summary>
    public static Decision<string> ClearLevel(RegistryState state, string? subject, CompatibilityLevel defaultLevel)
    {
        RequireWritable(state, subject);
        var level = state.LevelOf(subject);
        if (subject is not null && level is null)
            throw RegistryErrors.SubjectNotFound(subject);
        return Decision.Of((level ?? defaultLevel).WireName(), new LevelSet(subject, null));
    }

    public static Decision<string> SetMode(RegistryState state, string? subject, string? mode, bool force)
    {
        if (subject is not null)
            Subjects.RequireLegal(subject);
        if (!RegistryModes.TryParse(mode, out var parsed))
            throw RegistryErrors.InvalidMode();
        var entersImport = parsed == RegistryMode.Import && state.ModeInScope(subject) != RegistryMode.Import;
        var holdsSchemas = subject is null
            ? state.Subjects.Keys.Any(name => state.HasSubject(name, deleted: false))
            : state.HasSubject(subject, deleted: false);
        if (entersImport && holdsSchemas && !force)
            throw RegistryErrors.NotPermitted("Cannot import since found existing subjects");
        return Decision.Of(parsed.WireName(), new ModeSet(subject, parsed.WireName()));
    }

    /// <summary>Answers with the mode that held until now.</summary>
    public static Decision<string> ClearMode(RegistryState state, string? subject)
    {
        var mode = state.ModeOf(subject);
        if (subject is not null && mode is null)
            throw RegistryErrors.SubjectNotFound(subject);
        return Decision.Of((mode ?? RegistryMode.ReadWrite).WireName(), new ModeSet(subject, null));
    }

    public static void RequireWritable(RegistryState state, string? subject)
    {
        if (state.ModeInScope(subject) is RegistryMode.ReadOnly or RegistryMode.ReadOnlyOverride)
            throw RegistryErrors.NotPermitted(subject is null ? "The registry is in read-only mode" : $"Subject {subject} is in read-only mode");
    }
}
