namespace Commerce.Streaming.SampleShop;

/// <summary>Groups of identifiers that were seen together: a plain union-find.</summary>
internal sealed class IdentityGroups
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);

    public IEnumerable<string> Identifiers => _parents.Keys;

    public void Tie(IEnumerable<string> identifiers)
    {
        string? first = null;
        foreach (var identifier in identifiers)
        {
            _parents.TryAdd(identifier, identifier);
            if (first is null)
                first = identifier;
            else
                _parents[GroupOf(identifier)] = GroupOf(first);
        }
    }

    /// <summary>An identifier that stands for the group.</summary>
    public string GroupOf(string identifier)
    {
        while (_parents.TryGetValue(identifier, out var parent) && parent != identifier)
            identifier = parent;
        return identifier;
    }
}
