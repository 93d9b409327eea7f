namespace Commerce.Streaming.LocalRegistry;

/// <summary>A refusal with Confluent's error code; the HTTP status is its first three digits.</summary>
internal sealed class RegistryException(int errorCode, string message) : Exception(message)
{
    public int ErrorCode { get; } = errorCode;

    public int Status => ErrorCode > 999 ? ErrorCode / 100 : ErrorCode;
}

/// <summary>The refusals of the Confluent API, code and wording.</summary>
internal static class RegistryErrors
{
    public static RegistryException SubjectNotFound(string subject) => new(40401, $"Subject '{subject}' not found.");

    public static RegistryException VersionNotFound(int version) => new(40402, $"Version {version} not found.");

    public static RegistryException SchemaNotFound() => new(40403, "Schema not found");

    public static RegistryException SchemaNotFound(int id) => new(40403, $"Schema {id} not found");

    public static RegistryException SubjectSoftDeleted(string subject) =>
        new(40404, $"Subject '{subject}' was soft deleted. Set permanent=true to delete permanently");

    public static RegistryException SubjectNotSoftDeleted(string subject) =>
        new(40405, $"Subject '{subject}' was not deleted first before being permanently deleted");

    public static RegistryException VersionSoftDeleted(string subject, int version) =>
        new(40406, $"Subject '{subject}' Version {version} was soft deleted. Set permanent=true to delete permanently");

    public static RegistryException VersionNotSoftDeleted(string subject, int version) =>
        new(40407, $"Subject '{subject}' Version {version} was not deleted first before being permanently deleted");

    public static RegistryException NoSubjectLevel(string subject) =>
        new(40408, $"Subject '{subject}' does not have subject-level compatibility configured");

    public static RegistryException NoSubjectMode(string subject) =>
        new(40409, $"Subject '{subject}' does not have subject-level mode configured");

    public static RegistryException Incompatible(string subject, IEnumerable<string> messages) => new(
        409,
        $"Schema being registered is incompatible with an earlier schema for subject \"{subject}\", details: [{string.Join(", ", messages)}]");

    public static RegistryException InvalidSchema(string detail) => new(42201, $"Invalid schema: {detail}");

    public static RegistryException InvalidVersion(string version) => new(
        42202,
        $"The specified version '{version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");

    public static RegistryException InvalidLevel() => new(
        42203,
        "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive");

    public static RegistryException InvalidMode() => new(42204, "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, and IMPORT");

    public static RegistryException NotPermitted(string why) => new(42205, why);

    public static RegistryException ReferenceExists(string subject, int version) =>
        new(42206, $"One or more references exist to the schema {{subject={subject},version={version}}}");

    public static RegistryException InvalidSubject(string subject) => new(42208, $"The specified subject '{subject}' is not a valid subject.");

    public static RegistryException Store(string why) => new(50001, $"Error in the backend data store: {why}");
}
