namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>Bytes of request buffers that all connections together may hold; who finds it used up waits its turn.</summary>
internal sealed class MemoryBudget(long capacity)
{
    private readonly Lock _sync = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Granted)> _waiting = new();
    private long _free = capacity;

    public async ValueTask<Grant> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        TaskCompletionSource granted;
        lock (_sync)
        {
            if (_waiting.Count == 0 && _free >= bytes)
            {
                _free -= bytes;
                return new Grant(this, bytes);
            }

            granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, granted));
        }

        await using (cancellationToken.Register(() => granted.TrySetCanceled(cancellationToken)))
            await granted.Task;
        return new Grant(this, bytes);
    }

    private void Return(long bytes)
    {
        lock (_sync)
        {
            _free += bytes;
            while (_waiting.TryPeek(out var next) && (next.Granted.Task.IsCompleted || _free >= next.Bytes))
            {
                _waiting.Dequeue();
                if (next.Granted.TrySetResult())
                    _free -= next.Bytes;
            }
        }
    }

    /// <summary>Bytes taken from the budget until disposed.</summary>
    public readonly record struct Grant(MemoryBudget? Budget, long Bytes) : IDisposable
    {
        public void Dispose() => Budget?.Return(Bytes);
    }
}
