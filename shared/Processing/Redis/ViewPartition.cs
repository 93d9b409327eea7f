using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>
/// One partition of a view while this process owns it. The loop numbers every commit that touches it; the writer takes only the next
/// number, or a snapshot, so that a change which was not handed over can never go unnoticed.
/// </summary>
internal sealed class ViewPartition(RedisView view, int partition, StateStore store, ViewStorage storage)
{
    private volatile bool _isAccepting;
    private volatile bool _isBroken;

    public RedisView View { get; } = view;

    public int Partition { get; } = partition;

    public StateStore Store { get; } = store;

    public ViewStorage Storage { get; } = storage;

    /// <summary>What Redis held when the partition came; null when nothing usable.</summary>
    public long? FoundHeld { get; set; }

    /// <summary>Redis did not answer when the partition came.</summary>
    public bool FoundAway { get; set; }

    /// <summary>Number of the last commit that touched the view. Of the loop.</summary>
    public long CommitNumber { get; set; }

    /// <summary>Whether changes are worth handing over. A hint: the numbers decide.</summary>
    public bool IsAccepting
    {
        get => _isAccepting;
        set => _isAccepting = value;
    }

    /// <summary>Changelog offset that Redis holds. Of the writer, as is all that follows.</summary>
    public long Held { get; private set; }

    /// <summary>Number of the last commit that Redis holds.</summary>
    public long WrittenNumber { get; private set; }

    /// <summary>Stale until a snapshot has been written.</summary>
    public bool IsBroken
    {
        get => _isBroken;
        private set => _isBroken = value;
    }

    /// <summary>A snapshot has been asked for and has not arrived.</summary>
    public bool AwaitsSnapshot { get; set; }

    public void Break()
    {
        IsBroken = true;
        IsAccepting = false;
        AwaitsSnapshot = false;
    }

    public void InStep(long held, long commitNumber)
    {
        Held = held;
        WrittenNumber = commitNumber;
        IsBroken = false;
        AwaitsSnapshot = false;
    }

    /// <summary>A change as the view shows it. A projection that throws shows nothing: it must not stop the others.</summary>
    public ViewChange Show(string key, object? value, bool joinsIndex)
    {
        string[]? shown;
        try
        {
            shown = value is null ? null : View.Project(key, value);
        }
        catch (Exception)
        {
            shown = null;
        }

        return new ViewChange(key, shown, joinsIndex);
    }
}
