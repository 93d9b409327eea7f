namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>
/// Gives every member about as many partitions as any other that wants the same topics, and moves as few as that takes. Partitions
/// are moved one at a time from a member to one that has at least two fewer, which ends, since every move makes shares more even.
/// </summary>
internal sealed class UniformAssignor() : Assignor("uniform")
{
    public override Dictionary<string, HashSet<TopicSlot>> Assign(IReadOnlyList<Assignee> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        var assigned = members.ToDictionary(member => member.Id, _ => new HashSet<TopicSlot>(), StringComparer.Ordinal);
        var takers = partitions.Keys.ToDictionary(topic => topic, topic => members.Where(member => member.Topics.Contains(topic)).ToList());
        var slots = partitions.OrderBy(topic => topic.Key)
            .SelectMany(topic => Enumerable.Range(0, topic.Value).Select(index => new TopicSlot(topic.Key, index))).ToList();
        var owner = Keep(members, partitions, assigned);
        foreach (var slot in slots.Where(slot => !owner.ContainsKey(slot) && takers[slot.Topic].Count > 0))
            Move(slot, to: Poorest(takers[slot.Topic], assigned), owner, assigned);
        while (Even(slots, takers, owner, assigned))
        {
            // Until no move makes it more even.
        }

        return assigned;
    }

    // What a member was to have and still may have stays its own.
    private static Dictionary<TopicSlot, string> Keep(
        IReadOnlyList<Assignee> members, IReadOnlyDictionary<Guid, int> partitions, Dictionary<string, HashSet<TopicSlot>> assigned)
    {
        var owner = new Dictionary<TopicSlot, string>();
        foreach (var member in members)
        {
            foreach (var slot in member.Former.Where(slot => member.Topics.Contains(slot.Topic) && slot.Partition < partitions.GetValueOrDefault(slot.Topic)))
            {
                if (owner.TryAdd(slot, member.Id))
                    assigned[member.Id].Add(slot);
            }
        }

        return owner;
    }

    private static bool Even(
        List<TopicSlot> slots, Dictionary<Guid, List<Assignee>> takers, Dictionary<TopicSlot, string> owner, Dictionary<string, HashSet<TopicSlot>> assigned)
    {
        var moved = false;
        foreach (var slot in slots)
        {
            if (!owner.TryGetValue(slot, out var rich))
                continue;
            var poor = Poorest(takers[slot.Topic], assigned);
            if (assigned[rich].Count - assigned[poor].Count < 2)
                continue;
            Move(slot, poor, owner, assigned);
            moved = true;
        }

        return moved;
    }

    private static void Move(TopicSlot slot, string to, Dictionary<TopicSlot, string> owner, Dictionary<string, HashSet<TopicSlot>> assigned)
    {
        if (owner.TryGetValue(slot, out var from))
            assigned[from].Remove(slot);
        owner[slot] = to;
        assigned[to].Add(slot);
    }

    private static string Poorest(List<Assignee> takers, Dictionary<string, HashSet<TopicSlot>> assigned) =>
        takers.MinBy(member => assigned[member.Id].Count)!.Id;
}
