using Commerce.Attribution;
using Commerce.Identity;
using Commerce.Orders;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>
/// Attribution on a log of several partitions, where anything that the log allows may happen: each partition of each topic is in
/// order, the partitions are taken in any order, and what a task sends reaches the log when its transaction commits.
/// </summary>
internal sealed class World(CreditRules rules, int partitions)
{
    private readonly InMemoryJourneys _journeys = new();
    private readonly Dictionary<string, OrderOwner> _owners = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(int Partition, string Topic), Queue<object>> _queues = [];
    private readonly SortedDictionary<int, List<(string Key, StateHandover Handover)>> _open = [];
    private readonly SortedDictionary<int, List<OrderCredited>> _openCredits = [];

    /// <summary>Everything that was stated, in the order of the log.</summary>
    public List<OrderCredited> Stated { get; } = [];

    public void Send(object input)
    {
        var (topic, key) = input switch
        {
            OrderCompleted completed => ("completed", OrderPaths.Key(completed.Source.Platform, completed.Order.OrderId)),
            OrderRefunded refunded => ("refunded", OrderPaths.Key(refunded.Source.Platform, refunded.Refund.OrderId ?? refunded.Refund.RefundId)),
            ProfileMerged merged => ("merges", merged.Loser),
            StateHandover arrival => (arrival.Cause == Causes.LateTouch || arrival.Cause == Causes.Consent ? "events" : "handovers", arrival.To),
            _ => throw new InvalidOperationException(input.GetType().Name),
        };
        Append(topic, key, input);
    }

    /// <summary>Runs until nothing is left; each choice takes the next of <paramref name="choices"/>.</summary>
    public void Run(IEnumerator<int> choices)
    {
        while (true)
        {
            var ready = _queues.Where(queue => queue.Value.Count > 0).Select(queue => queue.Key).ToList();
            var open = _open.Keys.Union(_openCredits.Keys).ToList();
            if (ready.Count + open.Count == 0) return;
            choices.MoveNext();
            var choice = choices.Current % (ready.Count + open.Count);
            if (choice < ready.Count) Handle(ready[choice].Partition, _queues[ready[choice]].Dequeue());
            else Commit(open[choice - ready.Count]);
        }
    }

    private void Handle(int partition, object record)
    {
        switch (record)
        {
            case OrderCompleted completed:
                Own(partition, OrderPaths.Key(completed.Source.Platform, completed.Order.OrderId), owner => Ownership.Complete(owner, completed));
                break;
            case OrderRefunded refunded:
                Own(partition, OrderPaths.Key(refunded.Source.Platform, refunded.Refund.OrderId!), owner => Ownership.Refund(owner, refunded, rules));
                break;
            case ProfileMerged merged:
                Take(partition, Crediting.Merge(merged, _journeys, rules));
                break;
            case StateHandover arrived:
                Take(partition, Crediting.Receive(arrived, _journeys, rules));
                break;
        }
    }

    private void Own(int partition, string key, Func<OrderOwner?, OwnershipStep> step)
    {
        var result = step(_owners.GetValueOrDefault(key));
        if (result.Next is not null) _owners[key] = result.Next;
        if (result.Sent is not null) Take(partition, new Outcome([], [result.Sent]));
    }

    private void Take(int partition, Outcome outcome)
    {
        if (outcome.HandedOver.Count > 0)
            (_open.TryGetValue(partition, out var handovers) ? handovers : _open[partition] = []).AddRange(outcome.HandedOver.Select(one => (one.To, one)));
        if (outcome.Credited.Count > 0)
            (_openCredits.TryGetValue(partition, out var credits) ? credits : _openCredits[partition] = []).AddRange(outcome.Credited);
    }

    private void Commit(int partition)
    {
        if (_open.Remove(partition, out var handovers))
            foreach (var (key, handover) in handovers) Append("handovers", key, handover);
        if (_openCredits.Remove(partition, out var credits)) Stated.AddRange(credits);
    }

    private void Append(string topic, string key, object record)
    {
        var queue = (PartitionOf(key), topic);
        (_queues.TryGetValue(queue, out var records) ? records : _queues[queue] = new Queue<object>()).Enqueue(record);
    }

    private int PartitionOf(string key) => (int)(key.Aggregate(17u, (hash, letter) => (hash * 31) + letter) % (uint)partitions);
}
