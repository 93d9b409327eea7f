using System.Text.Json.Serialization;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>What can happen to the registry: the entries of its journal. Names are the file format.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "change")]
[JsonDerivedType(typeof(VersionAdded), "version-added")]
[JsonDerivedType(typeof(VersionDeleted), "version-deleted")]
[JsonDerivedType(typeof(VersionErased), "version-erased")]
[JsonDerivedType(typeof(LevelSet), "level-set")]
[JsonDerivedType(typeof(ModeSet), "mode-set")]
[JsonDerivedType(typeof(IdsUsed), "ids-used")]
internal abstract record RegistryChange;

/// <summary>A subject got a version. The schema comes along each time: a line can be read by itself.</summary>
internal sealed record VersionAdded(string Subject, int Version, int Id, StoredSchema Schema, bool Deleted = false) : RegistryChange;

/// <summary>Soft delete.</summary>
internal sealed record VersionDeleted(string Subject, int Version) : RegistryChange;

/// <summary>Hard delete; an id that no version uses any more is forgotten, and never given again.</summary>
internal sealed record VersionErased(string Subject, int Version) : RegistryChange;

/// <summary>Subject null: the global level. Level null: no longer set.</summary>
internal sealed record LevelSet(string? Subject, string? Level) : RegistryChange;

/// <summary>Subject null: the global mode. Mode null: no longer set.</summary>
internal sealed record ModeSet(string? Subject, string? Mode) : RegistryChange;

/// <summary>Ids below <paramref name="Next"/> are used up, also those that no version shows any more.</summary>
internal sealed record IdsUsed(int Next) : RegistryChange;
