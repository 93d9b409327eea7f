namespace Commerce.Streaming.LocalRegistry;

/// <summary>
/// A schema as it is kept: its text in canonical layout, what it refers to, and the data contract (metadata, rule set: compact
/// JSON that is carried and not acted upon).
/// </summary>
internal sealed record StoredSchema(string Text, IReadOnlyList<SchemaReference> References, string? Metadata, string? RuleSet)
{
    /// <summary>Equal keys, equal ids, whatever the subject.</summary>
    public string Key => string.Join('\n', References.Select(r => $"{r.Name}\t{r.Subject}\t{r.Version}").Prepend(Text).Append(Metadata).Append(RuleSet));
}
