namespace Commerce.Streaming.LocalRegistry;

/// <summary>What a request leads to: the changes to write (none when all is as asked) and the answer.</summary>
internal sealed record Decision<T>(IReadOnlyList<RegistryChange> Changes, T Answer);

internal static class Decision
{
    public static Decision<T> Of<T>(T answer, params IReadOnlyList<RegistryChange> changes) => new(changes, answer);
}
