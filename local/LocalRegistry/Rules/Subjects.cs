using System.Globalization;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Finding versions by what a caller writes: a number, "latest", or -1.</summary>
internal static class Subjects
{
    private const string Latest = "latest";

    public static void RequireLegal(string subject)
    {
        if (string.IsNullOrWhiteSpace(subject) || subject.Any(char.IsControl) || subject is "__GLOBAL" or "__EMPTY")
            throw RegistryErrors.InvalidSubject(subject);
    }

    /// <summary>The version meant; null when "latest" is asked of a subject without any.</summary>
    public static VersionEntry? Find(RegistryState state, string subject, string version, bool deleted)
    {
        if (IsLatest(version))
            return state.Versions(subject, deleted).LastOrDefault();
        var number = Number(version);
        return state.Versions(subject, deleted).FirstOrDefault(v => v.Version == number);
    }

    /// <summary>The version meant, or 40401 or 40402.</summary>
    public static VersionEntry Require(RegistryState state, string subject, string version, bool deleted) =>
        Find(state, subject, version, deleted) ?? throw (state.HasSubject(subject, deleted)
            ? RegistryErrors.VersionNotFound(Number(version))
            : RegistryErrors.SubjectNotFound(subject));

    public static bool IsLatest(string version) => version is Latest or "-1";

    /// <summary>The number written, or 42202.</summary>
    public static int Number(string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw RegistryErrors.InvalidVersion(version);

    /// <summary>Versions of any subject that use the id.</summary>
    public static IEnumerable<SubjectVersion> Using(RegistryState state, int id, bool deleted) =>
        from subject in state.Subjects
        from version in subject.Value.Values
        where version.SchemaId == id && (deleted || !version.Deleted)
        select state.Describe(subject.Key, version);

    /// <summary>Schemas that refer to that version; those only soft-deleted versions use do not count.</summary>
    public static IEnumerable<int> ReferringTo(RegistryState state, string subject, int version) =>
        (from other in state.Subjects
         from entry in other.Value.Values
         where !entry.Deleted && state.Schemas[entry.SchemaId].References.Any(r => r.Subject == subject && r.Version == version)
         select entry.SchemaId).Distinct().Order();
}
