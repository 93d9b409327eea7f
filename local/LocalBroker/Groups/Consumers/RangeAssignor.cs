namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>
/// Cuts every topic into runs of neighbouring partitions, in the order of the members, so that one member has the same partitions
/// of topics that are partitioned alike. Static members keep their place by name.
/// </summary>
internal sealed class RangeAssignor() : Assignor("range")
{
    public override Dictionary<string, HashSet<TopicSlot>> Assign(IReadOnlyList<Assignee> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        var assigned = members.ToDictionary(member => member.Id, _ => new HashSet<TopicSlot>(), StringComparer.Ordinal);
        var ordered = members.OrderBy(member => member.InstanceId is null).ThenBy(member => member.InstanceId ?? member.Id, StringComparer.Ordinal).ToList();
        foreach (var (topic, count) in partitions)
        {
            var takers = ordered.Where(member => member.Topics.Contains(topic)).ToList();
            for (var (i, next) = (0, 0); i < takers.Count; i++)
            {
                var share = (count / takers.Count) + (i < count % takers.Count ? 1 : 0);
                for (var end = next + share; next < end; next++)
                    assigned[takers[i].Id].Add(new TopicSlot(topic, next));
            }
        }

        return assigned;
    }
}
