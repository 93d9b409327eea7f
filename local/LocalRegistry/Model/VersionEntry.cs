namespace Commerce.Streaming.LocalRegistry;

/// <summary>One version of a subject. A soft-deleted one is hidden, keeps its number and still serves its id.</summary>
internal sealed record VersionEntry(int Version, int SchemaId, bool Deleted);

/// <summary>A version together with its subject and schema.</summary>
internal sealed record SubjectVersion(string Subject, int Version, int SchemaId, StoredSchema Schema);
