using Commerce.Streaming.LocalBroker.State;

namespace Commerce.Streaming.LocalBroker.Transactions;

/// <summary>Hands out producer ids, each once in the life of the data folder; they are reserved in blocks.</summary>
internal sealed class ProducerIds
{
    private const int BlockSize = 1_000;
    private const string Key = "producer-ids";

    private readonly Lock _sync = new();
    private readonly StateStore _store;
    private long _next;
    private long _reserved;

    public ProducerIds(StateStore store)
    {
        _store = store;
        _next = _reserved = store.Get(Key) is { } bytes ? BitConverter.ToInt64(bytes) : 1;
    }

    public long Next()
    {
        lock (_sync)
        {
            if (_next == _reserved)
            {
                _store.Commit(new StateChange().Put(Key, BitConverter.GetBytes(_reserved + BlockSize)));
                _reserved += BlockSize;
            }

            return _next++;
        }
    }
}
