namespace Commerce.Streaming.LocalRegistry;

/// <summary>A type of this schema is defined by a version of another subject.</summary>
internal sealed record SchemaReference(string Name, string Subject, int Version);
