using System.Collections.Concurrent;
using Commerce.Inventory;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Results;

/// <summary>Brings the ledger's results to the requests that wait for them, and keeps the latest of recent reservations at hand.</summary>
internal sealed class ReservationResults(IOptions<InventoryOptions> options)
{
    private readonly ConcurrentDictionary<string, Waiter> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, ReservationDecided>> _recent = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();
    private readonly Lock _gate = new();

    /// <summary>Expects an answer to each of the commands. Dispose it when no more is wanted.</summary>
    public Waiter Expect(IReadOnlyCollection<string> commandIds)
    {
        var waiter = new Waiter(this, commandIds);
        foreach (var id in commandIds)
            _waiting[id] = waiter;
        return waiter;
    }

    /// <summary>Latest results by SKU, for reservations that had one recently; null for others.</summary>
    public IReadOnlyList<ReservationDecided>? Recent(string reservationId)
    {
        lock (_gate)
            return _recent.TryGetValue(reservationId, out var lines) ? [.. lines.Values] : null;
    }

    public void Publish(ReservationDecided decided)
    {
        lock (_gate)
        {
            if (!_recent.TryGetValue(decided.ReservationId, out var lines))
            {
                _recent[decided.ReservationId] = lines = new Dictionary<string, ReservationDecided>(StringComparer.Ordinal);
                _oldestFirst.Enqueue(decided.ReservationId);
                if (_oldestFirst.Count > options.Value.RecentReservationsMax)
                    _recent.Remove(_oldestFirst.Dequeue());
            }

            lines[decided.Sku] = decided;
        }

        if (_waiting.TryGetValue(decided.CommandId, out var waiter))
            waiter.Receive(decided);
    }

    /// <summary>One request that waits.</summary>
    internal sealed class Waiter(ReservationResults results, IReadOnlyCollection<string> commandIds) : IDisposable
    {
        private readonly Dictionary<string, ReservationDecided> _received = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource<IReadOnlyList<ReservationDecided>> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The answers to all commands.</summary>
        public Task<IReadOnlyList<ReservationDecided>> All => _all.Task;

        public void Receive(ReservationDecided decided)
        {
            lock (_received)
            {
                _received[decided.CommandId] = decided;
                if (_received.Count == commandIds.Count)
                    _all.TrySetResult([.. _received.Values]);
            }
        }

        public void Dispose()
        {
            foreach (var id in commandIds)
                results._waiting.TryRemove(id, out _);
        }
    }
}
