using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing;

/// <summary>Checks of a topology that need no broker. All faults are reported together, each with its remedy.</summary>
internal static class TopologyValidation
{
    public static void ThrowIfInvalid(Topology topology)
    {
        var faults = FaultsOf(topology).ToList();
        if (faults.Count > 0)
            throw new TopologyException($"topology {topology.Name} is not valid: {string.Join("; ", faults)}");
    }

    private static IEnumerable<string> FaultsOf(Topology topology)
    {
        if (topology.Inputs.Count == 0)
            yield return "it reads nothing: add .From(topic, handler)";
        if (topology.DeadLetters is null)
            yield return "it has nowhere to put poison records: add .DeadLettersTo(topic)";
        if (topology.Timers.Count > 0 && topology.TimerChangelog is null)
            yield return "it has timers but no changelog for them: add .WithTimers(topic)";
        if (topology.IsParallelByKey && topology.Timers.Values.Any(each => each.Timer.Clock == TimerClock.StreamTime))
            yield return "its stream-time timers fire between records, which .InParallelByKey() does not allow: use one of the two";
        foreach (var twice in Repeated(topology.Inputs.Select(input => input.Topic.Name)))
            yield return $"it reads {twice} twice";
        foreach (var twice in Repeated(topology.Stores.Select(store => store.Name)))
            yield return $"it has two stores named {twice}";
        foreach (var twice in Repeated(topology.Stores.Select(store => store.Changelog.Name)))
            yield return $"two of its stores share the changelog {twice}";
        foreach (var view in topology.Views.Where(view => topology.Stores.All(store => store.Name != view.StoreName)))
            yield return $"its view {view.KeyPrefix} shows the store {view.StoreName}, which it does not have";
        foreach (var fault in PartitionFaults(topology))
            yield return fault;
    }

    private static IEnumerable<string> PartitionFaults(Topology topology)
    {
        if (topology.Inputs.Count == 0)
            yield break;
        var first = topology.Inputs[0].Topic;
        var coPartitioned = topology.Inputs.Select(input => input.Topic).Concat(topology.Stores.Select(store => store.Changelog));
        foreach (Topic topic in coPartitioned.Where(topic => topic.Partitions != first.Partitions))
            yield return $"{topic.Name} has {topic.Partitions} partitions in the catalogue, {first.Name} has {first.Partitions}: they must be equal";
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);
}
