namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Refuses what would exhaust the stack. JSON nesting is bounded by the parser, but a flat text can chain named types without end.
/// </summary>
internal static class Nesting
{
    /// <summary>Types inside types that are followed.</summary>
    public const int MaxDepth = 1000;

    public static void Guard(int depth)
    {
        if (depth > MaxDepth)
            throw new AvroSchemaException($"The schema's types are nested more than {MaxDepth} deep");
    }
}
