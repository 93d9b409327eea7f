using System.Collections.Concurrent;
using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Results;

/// <summary>Brings the ledger's results to the requests that wait for them, and keeps the latest of recent reservations at hand.</summary>
internal sealed class ReservationResults(IOptions<InventoryOptions> options)
{
    private readonly ConcurrentDictionary<string, Waiter> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<ReservationDecided>> _recent = new(StringComparer.Ordinal);
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

    /// <summary>Latest results, for reservations that had one recently; null for others.</summary>
    public IReadOnlyList<ReservationDecided>? Recent(string reservationId)
    {
        lock (_gate)
            return _recent.GetValueOrDefault(reservationId);
    }

    public void Publish(ReservationDecided decided)
    {
        lock (_gate)
        {
            if (_recent.TryGetValue(decided.ReservationId, out var lines))
            {
                _recent[decided.ReservationId] = ReservationLines.With(lines, decided);
            }
            else if (ReservationLines.With([], decided) is { Count: > 0 } first)
            {
                _recent[decided.ReservationId] = first;
                _oldestFirst.Enqueue(decided.ReservationId);
                if (_oldestFirst.Count > options.Value.RecentReservationsMax)
                    _recent.Remove(_oldestFirst.Dequeue());
            }
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
                // The first answer counts: a command that is read again may find things changed.
                _received.TryAdd(decided.CommandId, decided);
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
