namespace Commerce.Streaming.Consent.Http;

/// <summary>
/// Lets one request at a time decide for a subject: a decision keeps what it does not state from the one before it, which must
/// be the one that is being written, or a withdrawal could be undone by an answer to another purpose.
/// </summary>
internal sealed class SubjectTurns : IDisposable
{
    /// <summary>Subjects share turns by hash; more only means that fewer wait for a stranger.</summary>
    private const int Turns = 256;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn of all of them. Dispose the result to give it back.</summary>
    public async Task<IDisposable> WaitAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken)
    {
        // In one order for everybody, so that two requests cannot wait for each other.
        var wanted = subjects.Select(subject => (StringComparer.Ordinal.GetHashCode(subject) & int.MaxValue) % Turns).Distinct().Order();
        var held = new Held();
        try
        {
            foreach (var index in wanted)
            {
                await _turns[index].WaitAsync(cancellationToken);
                held.Add(_turns[index]);
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        return held;
    }

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    private sealed class Held : List<SemaphoreSlim>, IDisposable
    {
        public void Dispose()
        {
            ForEach(turn => turn.Release());
            Clear();
        }
    }
}
