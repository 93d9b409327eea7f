namespace Commerce.Streaming.LocalRegistry;

/// <summary>One writer at a time: decide on the newest state, journal, publish. Readers never wait.</summary>
internal sealed class RegistryStore(Journal journal, RegistryState state) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private volatile RegistryState _state = state;

    public RegistryState State => _state;

    public JournalStart Start => journal.Start;

    public async Task<T> WriteAsync<T>(Func<RegistryState, Decision<T>> decide, CancellationToken cancel)
    {
        await _writer.WaitAsync(cancel);
        try
        {
            var decision = decide(_state);
            if (decision.Changes.Count > 0)
            {
                Append(decision.Changes);
                _state = _state.Apply(decision.Changes);
            }
            return decision.Answer;
        }
        finally
        {
            _writer.Release();
        }
    }

    private void Append(IReadOnlyList<RegistryChange> changes)
    {
        try
        {
            journal.Append(changes);
        }
        catch (IOException e)
        {
            throw RegistryErrors.Store(e.Message);
        }
    }

    public void Dispose()
    {
        journal.Dispose();
        _writer.Dispose();
    }
}
