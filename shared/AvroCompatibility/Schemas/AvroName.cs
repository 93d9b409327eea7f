namespace Commerce.Streaming.AvroCompatibility;

/// <summary>A full name, split at its last dot. <see cref="Namespace"/> is null when there is none.</summary>
public readonly record struct AvroName(string? Namespace, string Name)
{
    /// <summary>Namespace and name with a dot between, or the bare name.</summary>
    public string FullName => Namespace is null ? Name : Namespace + "." + Name;

    /// <summary>A dotted name ignores <paramref name="explicitNamespace"/>; a bare one lives in it, or else in the enclosing one.</summary>
    /// <exception cref="AvroSchemaException">A part is not a legal Avro name.</exception>
    internal static AvroName Of(string name, string? explicitNamespace, string? enclosing)
    {
        var dot = name.LastIndexOf('.');
        var space = dot >= 0 ? name[..dot] : explicitNamespace ?? enclosing;
        var bare = dot >= 0 ? name[(dot + 1)..] : name;
        Validate(bare);
        if (string.IsNullOrEmpty(space))
            return new AvroName(null, bare);
        foreach (var part in space.Split('.'))
            Validate(part);
        return new AvroName(space, bare);
    }

    /// <summary>How the name is written inside <paramref name="enclosing"/>: bare unless another type or a primitive would be meant.</summary>
    internal string WithinNamespace(string? enclosing) =>
        Namespace == enclosing && !AvroTypes.TryPrimitive(Name, out _) ? Name : FullName;

    /// <summary>A letter or underscore, then letters, digits and underscores; letters of any script, as in Java.</summary>
    internal static void Validate(string name)
    {
        if (name.Length == 0)
            throw new AvroSchemaException("Empty name");
        if (!char.IsLetter(name[0]) && name[0] != '_')
            throw new AvroSchemaException($"Illegal initial character: {name}");
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c != '_')
                throw new AvroSchemaException($"Illegal character in: {name}");
        }
    }
}
