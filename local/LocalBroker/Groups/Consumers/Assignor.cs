namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>A member as an assignor sees it.</summary>
/// <param name="Topics">What it may be given.</param>
/// <param name="Former">What it was to have until now.</param>
internal sealed record Assignee(string Id, string? InstanceId, IReadOnlySet<Guid> Topics, IReadOnlySet<TopicSlot> Former);

/// <summary>Shares the partitions of topics among members: every partition goes to one who wants its topic, if there is any.</summary>
internal abstract class Assignor(string name)
{
    /// <summary>All of them; the first is used for members that do not say.</summary>
    public static IReadOnlyList<Assignor> All { get; } = [new UniformAssignor(), new RangeAssignor()];

    public string Name => name;

    public static Assignor? Find(string name) => All.FirstOrDefault(assignor => assignor.Name == name);

    /// <param name="partitions">Number of partitions of every topic that somebody wants.</param>
    /// <returns>An entry for every member, by its id.</returns>
    public abstract Dictionary<string, HashSet<TopicSlot>> Assign(IReadOnlyList<Assignee> members, IReadOnlyDictionary<Guid, int> partitions);
}
