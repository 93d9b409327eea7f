namespace Commerce.Streaming.Attribution.Domain;

/// <summary>
/// A list of traffic sources. An entry without a dot matches a source, or a host with a label, of that name (<c>google</c>:
/// www.google.co.uk); an entry with a dot matches that host and those below it.
/// </summary>
public sealed class SourceList
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _hosts = [];

    public SourceList(IEnumerable<string> entries)
    {
        foreach (var entry in entries)
            if (entry.Contains('.', StringComparison.Ordinal)) _hosts.Add(entry);
            else _names.Add(entry);
    }

    public bool Contains(string? source)
    {
        if (string.IsNullOrEmpty(source)) return false;
        var names = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var label in source.AsSpan().Split('.'))
            if (names.Contains(source.AsSpan(label))) return true;
        return _hosts.Exists(host => IsBelow(source, host));
    }

    private static bool IsBelow(string source, string host) =>
        source.EndsWith(host, StringComparison.OrdinalIgnoreCase)
        && (source.Length == host.Length || source[source.Length - host.Length - 1] == '.');
}
